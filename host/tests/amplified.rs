//! Messages that are made to cost as much as they can: parts that claim to be longer, or that are read
//! more than once. A climb keeps every change after which a consumer works at least as hard. With a codec
//! that reads each byte once it does not get far; without such a limit, a short message keeps a
//! consumer busy for ever.

#[path = "support/metered.rs"]
mod metered;
mod support;

use weft::guest::{Codec, Compiled};
use weft::transport::PairSpec;
use weft_schemas::{Random, Task, WILD};

use metered::{METERED, Place, Subject, must_bear};
use support::{codecs, in_parallel, message, wire};

/// How many changes a climb tries.
const STEPS: u32 = 20_000;
/// How many times the fuel of the good message the costliest may take.
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

/// The fuel of the good message, and that of the costliest that was found, if there was an end to it.
fn climb(spec: &PairSpec<'_>) -> (u64, Option<u64>) {
    let (rotation, capacity) = wire(spec);
    let mut bytes = rotation.into_iter().next().expect("a message");
    let mut subject = Subject::new(spec, capacity, Place::Among(0));
    let (_, usual) = subject.receive(&bytes, u64::MAX).expect("the good message");
    let mut random = Random::new(0xC11B, 0);
    let mut most = usual;
    for _ in 0..STEPS {
        let next = changed(&bytes, &mut random);
        match subject.receive(&next, 100 * LIMIT * usual) {
            Ok((_, fuel)) if fuel >= most => (bytes, most) = (next, fuel),
            Ok(_) => {}
            Err(_) => return (usual, None),
        }
    }
    (usual, Some(most))
}

#[test]
fn no_message_costs_much_more_than_its_length() {
    let mut units: Vec<(&Codec, Compiled, Task)> = Vec::new();
    for codec in codecs().iter().filter(|codec| must_bear(codec)) {
        let guests = Compiled::new(&METERED, codec).expect("the engine takes the guests");
        let supported = Task::ALL.into_iter().filter(|task| codec.supports("log", task.name()).is_ok());
        units.extend(supported.map(|task| (codec, guests.clone(), task)));
    }
    let wrong = in_parallel(&units, |(codec, guests, task)| {
        let spec =
            PairSpec { engine: &METERED, guests, message: message("log@20"), task: *task, rotation: 1, seed: WILD };
        let (usual, most) = climb(&spec);
        println!("CLIMB {} {task} {usual} {most:?} {:.2}", codec.name, most.unwrap_or(0) as f64 / usual as f64);
        let within = most.is_some_and(|most| most <= LIMIT * usual);
        let wrong = || format!("{} {task}: {usual} units of fuel became {most:?}", codec.name);
        (!within).then(wrong).into_iter().collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
