//! Random messages through random cells: whatever is generated, ordinary or wild, every digest is the
//! native one, for each message and for any run of them.

use std::fmt;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use weft::cell::MessageId;
use weft_link::Pair;
use weft_link::guest::Compiled;
use weft_link::transport::Transport;
use weft_schemas::digest::MASK;
use weft_schemas::{KINDS, Kind, Task, WILD, blob};

use crate::support::{COMPILED, ENGINE, spec, transports};

/// What the two guests of a case exchange, and how.
#[derive(Clone)]
struct Case {
    codec: usize,
    transport: &'static dyn Transport,
    message: MessageId,
    task: Task,
    seed: u64,
    rotation: u32,
}

/// What a person needs to repeat the case.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { codec, transport, message, task, seed, rotation } = self;
        let codec = &COMPILED[*codec].0.name;
        write!(f, "{message}/{task}/{codec}/{}, seed {seed:#x}, rotation of {rotation}", transport.name())
    }
}

impl Case {
    fn guests(&self) -> &'static Compiled {
        &COMPILED[self.codec].1
    }

    fn join(&self) -> Box<dyn Pair> {
        let &Self { transport, message, task, seed, rotation, .. } = self;
        let spec = spec((&ENGINE, self.guests()), message, task, rotation, seed);
        transport.join(&spec).unwrap_or_else(|error| panic!("{self:?}: {error}"))
    }

    /// The digest that message `index` must return.
    fn digest(&self, index: u32) -> u64 {
        let floor = COMPILED[self.codec].0.is_floor();
        let digest = if floor { blob::floor_digest } else { self.message.kind.digest };
        digest(self.seed, index, self.message.size, self.task).expect("the message has what the task reads")
    }
}

/// The codecs, messages and tasks that some codec supports.
fn supported() -> Vec<(usize, &'static Kind, Task)> {
    let all = (0..COMPILED.len()).flat_map(|codec| KINDS.iter().map(move |kind| (codec, kind)));
    let all = all.flat_map(|(codec, kind)| Task::ALL.map(|task| (codec, kind, task)));
    // Typed messages do not go over every transport.
    let all = all.filter(|(codec, ..)| !COMPILED[*codec].0.traits.is_typed());
    all.filter(|(codec, kind, task)| COMPILED[*codec].0.supports(kind.name, *task).is_ok()).collect()
}

/// Small sizes, where the edges are, more often than large ones; never more than about 64 KiB.
fn sizes(kind: &Kind) -> impl Strategy<Value = u32> + use<> {
    let (smallest, largest) = kind.sizes;
    let small = kind.tried.broken.iter().max().copied().unwrap_or(smallest) + 2;
    let large = (65_600 / (kind.payload_bytes)(1, 0, smallest).max(1)) as u32;
    let up_to = |most: u32| smallest..=most.clamp(smallest, largest);
    prop_oneof![3 => up_to(small), 1 => up_to(large)]
}

fn seeds() -> impl Strategy<Value = u64> {
    (any::<u64>(), any::<bool>()).prop_map(|(seed, wild)| if wild { WILD | seed } else { seed & !WILD })
}

fn cases() -> impl Strategy<Value = Case> {
    let with_size = |(codec, kind, task): (usize, &'static Kind, Task)| {
        sizes(kind).prop_map(move |size| (codec, MessageId { kind, size }, task))
    };
    let transports: Vec<_> = transports().collect();
    (select(supported()).prop_flat_map(with_size), 0..transports.len(), seeds(), 1..=5_u32).prop_map(
        move |((codec, message, task), transport, seed, rotation)| Case {
            codec,
            transport: transports[transport],
            message,
            task,
            seed,
            rotation,
        },
    )
}

/// No file of failures: tests write nothing into the workspace, and a failed case is printed whole.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(3000))]

    #[test]
    fn every_message_returns_its_native_digest(case in cases()) {
        let mut pair = case.join();
        for index in 0..case.rotation {
            let found = pair.produce(index, 1).map_err(|error| TestCaseError::fail(format!("{index}: {error}")))?;
            prop_assert_eq!(found, case.digest(index), "message {}", index);
        }
    }

    #[test]
    fn any_run_of_messages_returns_the_sum(case in cases(), first in any::<Index>(), count in 0..20_u32) {
        let first = first.index(case.rotation as usize) as u32;
        let indices = (first..first + count).map(|index| index % case.rotation);
        let sum = indices.fold(0, |sum: u64, index| sum.wrapping_add(case.digest(index)) & MASK);
        let mut pair = case.join();
        for attempt in 0..2 {
            let found = pair.produce(first, count).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(found, sum, "attempt {}", attempt);
        }
    }
}
