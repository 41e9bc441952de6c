//! What becomes of a field that a codec does not know.

use serde::Serialize;
use serde::de::IgnoredAny;
use weft_guest::Evolution;
use weft_guest::serde::Format;
use weft_guest::values::Encodes;
use weft_schemas::{Message, Outcome, Ping, Status, Task, WILD};

use crate::memory::memory;
use crate::promises::Tasks;

/// The field that no codec knows.
const EXTRA: u32 = 0x2a2a_2a2a;

/// Messages of one more field are what the codec's traits say: all tasks read a ping as if the field were not there, or all
/// refuse or misread it.
/// `longer` encodes such a ping.
pub fn evolves(tasks: &Tasks<Ping>, evolution: Evolution, longer: impl Fn(&Ping) -> Vec<u8>) {
    for seed in [1, 2, WILD | 1] {
        let ping = Ping::generate(seed, 0, 1);
        let message = longer(&ping);
        let bytes = &mut memory(message.len())[..message.len()];
        bytes.copy_from_slice(&message);
        let own = (tasks.own)(bytes).and_then(|ping| ping.digest(Task::Own));
        let read: [(Task, Outcome); 3] =
            [(Task::Peek, (tasks.peek)(bytes)), (Task::Scan, (tasks.scan)(bytes)), (Task::Own, own)];
        for (task, outcome) in read {
            match evolution {
                Evolution::No => {
                    assert_ne!(outcome, ping.digest(task), "{task} reads a ping with an unknown field: {bytes:02x?}");
                }
                Evolution::Yes | Evolution::WithSchema => {
                    assert_eq!(outcome, ping.digest(task), "{task} of a ping with an unknown field: {bytes:02x?}");
                }
            }
        }
    }
}

/// A ping with one more field.
#[derive(Serialize)]
#[serde(rename = "Ping")]
struct Longer {
    sequence: u64,
    source: u32,
    kind: u16,
    flags: u16,
    extra: u32,
}

/// What `encode` writes.
fn written(encode: impl FnOnce(&mut [u8]) -> Result<usize, Status>) -> Vec<u8> {
    let mut bytes = vec![0; 256];
    let len = encode(&mut bytes).expect("a value of some bytes is encoded");
    bytes.truncate(len);
    bytes
}

/// A ping with one more field, by a format of serde's.
pub fn serde<F: Format>(ping: &Ping) -> Vec<u8> {
    let Ping { sequence, source, kind, flags } = *ping;
    written(|bytes| F::encode(&Longer { sequence, source, kind, flags, extra: EXTRA }, bytes))
}

/// A ping with one more field, by a format of values whose structs are their fields, one after the other.
pub fn values<F: Encodes<(Ping, u32)>>(ping: &Ping) -> Vec<u8> {
    written(|bytes| F::encode(&(*ping, EXTRA), bytes))
}

/// Whether a format of serde's reads a message without knowing of what type it is.
pub fn describes_itself<F: Format>() -> bool {
    let message = serde::<F>(&Ping::generate(1, 0, 1));
    F::decode::<IgnoredAny>(&message).is_ok_and(|(_, rest)| rest.is_empty())
}
