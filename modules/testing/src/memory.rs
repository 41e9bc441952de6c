//! Memory as guests have it, and single messages in it.

use weft_guest::Encode;
use weft_schemas::Message as _;

/// Zeroed memory of `len` bytes, rounded up to a multiple of 8. It starts at a multiple of 8, as outboxes and inboxes
/// do, and is never freed.
pub fn memory(len: usize) -> &'static mut [u8] {
    let memory = vec![0; len + 16].leak();
    let start = memory.as_ptr().align_offset(8);
    &mut memory[start..start + len.next_multiple_of(8)]
}

/// A message, encoded by an encoder that knows no other. The bytes are a copy in memory of their own.
pub fn encode_one<E: Encode>(message: E::Message) -> &'static mut [u8] {
    let messages = [message];
    let mut encoder = E::start(memory(E::capacity(&messages)), &messages).expect("the encoder starts");
    let wire = encoder.encode(0, &messages[0]).expect("the message is encoded");
    let copy = &mut memory(wire.len())[..wire.len()];
    copy.copy_from_slice(wire);
    copy
}

/// The first message of a seed, encoded as [`encode_one`] does it.
pub fn encoded<E: Encode>(seed: u64, size: u32) -> &'static mut [u8] {
    encode_one::<E>(E::Message::generate(seed, 0, size))
}
