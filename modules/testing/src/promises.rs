//! The promises of a codec, each as a function that panics where it is broken.

use weft_guest::{Encode, Validation};
use weft_schemas::{Message, Outcome, Random, Status, Task, WILD};

use crate::memory::{encoded, memory};
use crate::messages::sets;

/// The size and alignment of a WebAssembly page, in bytes.
const PAGE: usize = 65536;

/// The tasks of one wire type.
pub struct Tasks<M> {
    /// Reads a few fields.
    pub peek: fn(&[u8]) -> Outcome,
    /// Reads all fields where they lie.
    pub scan: fn(&[u8]) -> Outcome,
    /// Builds the value.
    pub own: fn(&[u8]) -> Result<M, Status>,
}

/// What `Encode::capacity` says of the messages it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// The length of the longest.
    Exact,
    /// No less than the length of the longest.
    Bound,
}

/// What is encoded is read again: all tasks agree with the message, each time that an encoder makes it, in an outbox of
/// the capacity that the codec asked for and in one of whole pages. Messages start at a multiple of 8.
pub fn round_trips<E: Encode>(tasks: &Tasks<E::Message>, capacity: Capacity) {
    for messages in sets::<E::Message>() {
        let asked = E::capacity(&messages);
        for room in [asked, asked.next_multiple_of(PAGE)] {
            let longest = round_trip::<E>(tasks, &messages, room);
            assert!(longest <= asked, "{longest} bytes, but the codec asked for {asked}");
            assert!(
                capacity == Capacity::Bound || longest == asked,
                "{longest} bytes, but the codec asked for {asked}"
            );
        }
    }
}

/// One encoder makes each message twice. Returns the length of the longest, in bytes.
fn round_trip<E: Encode>(tasks: &Tasks<E::Message>, messages: &[E::Message], room: usize) -> usize {
    let mut encoder = E::start(memory(room), messages).expect("the encoder starts");
    let mut longest = 0;
    for (index, message) in messages.iter().enumerate().chain(messages.iter().enumerate()) {
        let wire = encoder.encode(index, message).expect("the message is encoded");
        longest = longest.max(wire.len());
        let which = format!("{} {index}, {} bytes, payload {}", E::Message::NAME, wire.len(), message.payload_bytes());
        assert!(wire.as_ptr().addr().is_multiple_of(8), "{which}: starts at {wire:p}, not at a multiple of 8");
        assert_eq!((tasks.peek)(wire), message.digest(Task::Peek), "{which}: peek");
        assert_eq!((tasks.scan)(wire), message.digest(Task::Scan), "{which}: scan");
        let own = (tasks.own)(wire);
        assert_eq!(own.as_ref(), Ok(message), "{which}: own");
        // Equal values may have different bits: 0.0 and -0.0.
        assert_eq!(own.and_then(|value| value.digest(Task::Own)), message.digest(Task::Own), "{which}: own");
    }
    longest
}

/// Broken messages are refused, or read as what they say: every truncation, every flipped bit, and some thousand messages
/// with several random bytes. A codec that validates nothing promises nothing about them.
pub fn breaks<E: Encode>(tasks: &Tasks<E::Message>, validates: Validation) {
    if validates == Validation::None {
        return;
    }
    for &size in E::Message::TRIED.broken {
        for seed in [1, WILD | 1] {
            let bytes = encoded::<E>(seed, size);
            truncated(tasks, bytes);
            flipped(tasks, bytes);
            scattered(tasks, bytes, seed);
        }
    }
}

fn truncated<M: Message>(tasks: &Tasks<M>, bytes: &[u8]) {
    (0..bytes.len()).for_each(|len| survives(tasks, &bytes[..len]));
}

fn flipped<M: Message>(tasks: &Tasks<M>, bytes: &mut [u8]) {
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        survives(tasks, bytes);
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

fn scattered<M: Message>(tasks: &Tasks<M>, bytes: &mut [u8], seed: u64) {
    let whole = bytes.to_vec();
    let mut random = Random::new(seed, 0);
    for _ in 0..3000 {
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] = random.pick(&[0, 1, 4, 8, 0x7f, 0x80, 0xff, at as u8]);
        }
        survives(tasks, bytes);
        bytes.copy_from_slice(&whole);
    }
}

/// Runs all tasks on bytes that may be broken. They must return, and those that read everything must agree; only `own`
/// may find text that is none.
pub fn survives<M: Message>(tasks: &Tasks<M>, bytes: &[u8]) {
    let scan = (tasks.scan)(bytes);
    let own = (tasks.own)(bytes).and_then(|value| value.digest(Task::Own));
    assert!(own == scan || own == Err(Status::InvalidText), "own {own:?}, scan {scan:?} of {bytes:02x?}");
    let _ = (tasks.peek)(bytes);
}
