//! Messages that are made to cost as much as they can: parts that claim to be longer, or that are read
//! more than once. A climb keeps every change after which a consumer works at least as hard. Where a
//! codec reads each byte once it does not get far; where it does not, a short message keeps a consumer busy
//! for as long as somebody likes.
//!
//! A climb finds what single words can do. For messages that take more to build, the codecs with libraries have
//! tests of their own.

use std::sync::LazyLock;

use weft::guests::Codec;
use weft::trials::{Place, Subject, Trials, fuelled};
use weft_link::{Engine, Limits, PairSpec};
use weft_schemas::{Random, Task, WILD};

use crate::support::{codecs, compiled_for, in_parallel, message, spec, wire};

/// An engine that counts what a guest executes.
static METERED: LazyLock<Engine> =
    LazyLock::new(|| fuelled(Limits::default()).expect("wasmtime supports this machine"));

/// How many changes a climb tries.
const STEPS: u32 = 20_000;
/// How many times the fuel the costliest message may take that the good one takes in the task that
/// does the most.
const LIMIT: u64 = 4;

/// Changes a message somewhere, in a way that lengths and offsets take notice of.
fn changed(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let words = bytes.len() as u64 / 4 - 1;
    let mut place = || 4 * random.below(words) as usize;
    let (from, to) = (place(), place());
    let word = |at: usize| u32::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
    // An offset from where it stands leads to the same place when it is moved like this.
    let moved = word(from).wrapping_add(from as u32).wrapping_sub(to as u32);
    let value = match random.below(6) {
        0 => random.below(bytes.len() as u64) as u32,
        1 => word(from),
        2 => moved,
        3 => word(to).wrapping_add(random.below(64) as u32),
        4 => word(to) ^ 1 << random.below(32),
        _ => {
            changed.copy_within(from + 4..from + 8, to + 4);
            moved
        }
    };
    changed[to..to + 4].copy_from_slice(&value.to_le_bytes());
    changed
}

/// What the messages of one codec and task cost.
struct Climb {
    subject: Subject,
    bytes: Vec<u8>,
    /// The fuel of the good message.
    usual: u64,
}

impl Climb {
    fn new(spec: &PairSpec<'_>) -> Self {
        let (rotation, capacity) = wire(spec);
        let bytes = rotation.into_iter().next().expect("a message");
        let mut subject = Subject::new(spec, capacity, Place::Among(0)).expect("a consumer");
        let (_, usual) = subject.receive(&bytes, u64::MAX).expect("the good message");
        Self { subject, bytes, usual }
    }

    /// Looks for a message of the same length that takes more fuel than `limit`.
    fn exceeds(mut self, limit: u64) -> bool {
        let mut random = Random::new(0xC11B, 0);
        let mut most = self.usual;
        for _ in 0..STEPS {
            let next = changed(&self.bytes, &mut random);
            match self.subject.receive(&next, limit) {
                Ok((_, fuel)) if fuel >= most => (self.bytes, most) = (next, fuel),
                Ok(_) => {}
                Err(_) => return true,
            }
        }
        false
    }
}

/// The tasks of a codec for which there is a message that costs much more than its length.
fn amplified(codec: &Codec) -> Vec<String> {
    let guests = compiled_for(&METERED, codec);
    let (message, seed) = (message("log@20"), WILD);
    let supported = Task::ONE_WAY.into_iter().filter(|task| codec.supports(message.kind.name, *task).is_ok());
    let spec = |task| spec((&METERED, &guests), message, task, 1, seed);
    let climbs: Vec<_> = supported.map(|task| (task, Climb::new(&spec(task)))).collect();
    // What a codec says that it takes for a length that it has not checked may be written once.
    let trusts = u64::from(codec.traits.trusts_lengths.unwrap_or(0));
    let limit = LIMIT * climbs.iter().map(|(_, climb)| climb.usual).max().unwrap_or(0) + trusts;
    let amplified = climbs.into_iter().filter_map(|(task, climb)| climb.exceeds(limit).then_some(task));
    amplified.map(|task| format!("{} {task}: more than {limit} units of fuel", codec.name)).collect()
}

#[test]
fn no_message_costs_much_more_than_its_length() {
    let codecs: Vec<&Codec> = codecs().iter().filter(|codec| Trials::must_bear(codec)).collect();
    let wrong = in_parallel(&codecs, |codec| amplified(codec));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
