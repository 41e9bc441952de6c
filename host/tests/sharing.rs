//! Two guests in one memory: under `linked` nothing but the layout keeps them apart. The guests of
//! `modules/fixtures/tenant` fill static data, heap and stack, and look whether anything of it was
//! touched: by themselves, by deep recursion, or by the other one.

#[allow(dead_code, reason = "the guests use the rest")]
#[path = "../../modules/fixtures/tenant/src/command.rs"]
mod command;

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use command::{ALONE, CHECK, DESCEND, FALL, FRAMES, GROW};
use weft::build::{GuestBuilder, GuestCrate};
use weft_link::Pair;
use weft_link::guest::{Compiled, Guest, GuestName, Side};
use weft_link::transport::{Isolation, Transport};
use weft_schemas::Task;

use crate::support::{ENGINE, guests_directory, message, reusable, spec, transports, workspace};

/// The fixture's guests, built once.
static TENANTS: LazyLock<Compiled> = LazyLock::new(|| {
    let builder = GuestBuilder::new(workspace(), &guests_directory()).expect("a builder");
    let fixture = GuestCrate::read(&workspace().join("modules/fixtures/tenant")).expect("the fixture");
    let built = builder.build(&[fixture]).unwrap_or_else(|error| panic!("{error}"));
    let read = |file: &Option<PathBuf>, side| {
        let wasm = fs::read(file.as_ref().expect("both guests")).expect("the wasm file");
        let name = GuestName { codec: "tenant".to_owned(), side };
        let guest = Guest::read(name, &wasm).expect("it keeps to the ABI");
        let module = guest.compile(&ENGINE).expect("it compiles");
        (guest, module)
    };
    let guest = &built[0];
    Compiled { producer: read(&guest.producer, Side::Producer), consumer: read(&guest.consumer, Side::Consumer) }
});

fn join(transport: &dyn Transport) -> Box<dyn Pair> {
    let spec = spec((&ENGINE, &TENANTS), message("blob@8"), Task::Peek, 1, 0);
    transport.join(&spec).unwrap_or_else(|error| panic!("{}: {error}", transport.name()))
}

/// The transports under which the guests share a memory.
fn shared() -> impl Iterator<Item = &'static dyn Transport> {
    transports().filter(|transport| transport.isolation() == Isolation::None)
}

/// The transports under which they do not.
fn isolated() -> impl Iterator<Item = &'static dyn Transport> {
    reusable().filter(|transport| transport.isolation() != Isolation::None)
}

/// Tells the guests to do something, after which nothing of theirs may be damaged.
fn unharmed(pair: &mut dyn Pair, command: u32, argument: u32) {
    match pair.produce(command, argument) {
        Ok(damaged) => assert_eq!(damaged, 0, "words damaged by command {command} with {argument}"),
        Err(error) => panic!("command {command} with {argument}: {error}"),
    }
}

#[test]
fn both_keep_64_mib_that_they_allocate_at_once() {
    for transport in shared() {
        let mut pair = join(transport);
        unharmed(&mut *pair, GROW | ALONE, 64);
        unharmed(&mut *pair, GROW, 64);
        unharmed(&mut *pair, CHECK, 0);
    }
}

#[test]
fn both_keep_64_mib_that_they_allocate_in_turn() {
    for transport in shared() {
        let mut pair = join(transport);
        for _ in 0..64 {
            unharmed(&mut *pair, GROW | ALONE, 1);
            unharmed(&mut *pair, GROW, 1);
        }
        unharmed(&mut *pair, CHECK, 0);
    }
}

#[test]
fn a_consumer_recurses_deep_and_touches_nothing() {
    for transport in shared().chain(isolated()) {
        let mut pair = join(transport);
        unharmed(&mut *pair, GROW | ALONE, 1);
        unharmed(&mut *pair, GROW, 1);
        // The largest takes nearly 12 MiB in all, of the 17 that the consumer's stack has.
        for frame in 0..3 {
            unharmed(&mut *pair, DESCEND, frame);
        }
        unharmed(&mut *pair, DESCEND | ALONE, 0);
    }
}

/// Lets `guest` recurse without end, which must end in a trap that names it and its function.
fn fall(pair: &mut dyn Pair, command: u32, frame: u32, guest: &str) {
    let text = match pair.produce(command, frame) {
        Ok(damaged) => panic!("an endless recursion ended, with {damaged} words damaged"),
        Err(error) => error.to_string(),
    };
    let (stack, memory) = ("call stack exhausted", "out of bounds memory access");
    assert!(text.contains(stack) || text.contains(memory), "{text}");
    assert!(text.starts_with(&format!("the {guest} of `tenant` trapped")), "{text}");
    assert!(text.contains("stack::level"), "{text}");
}

/// With frames of up to a KiB the engine's own stack ends before the consumer's has used up the 16 MiB
/// between it and the producer's data.
#[test]
fn a_consumer_that_falls_for_ever_leaves_the_producer_unharmed() {
    for transport in shared() {
        for frame in 0..2 {
            let mut pair = join(transport);
            unharmed(&mut *pair, GROW | ALONE, 64);
            unharmed(&mut *pair, GROW, 64);
            fall(&mut *pair, FALL, frame, "consumer");
            unharmed(&mut *pair, CHECK | ALONE, 0);
        }
    }
}

/// With larger frames it runs through the 16 MiB and through the producer's data before it traps below
/// address 0. No layout of one memory helps there, but isolation does.
#[test]
fn a_consumer_that_falls_in_long_steps_traps_and_is_isolated() {
    for frame in 0..FRAMES.len() as u32 {
        for transport in shared() {
            fall(&mut *join(transport), FALL, frame, "consumer");
        }
        for transport in isolated() {
            let mut pair = join(transport);
            unharmed(&mut *pair, GROW | ALONE, 1);
            fall(&mut *pair, FALL, frame, "consumer");
            unharmed(&mut *pair, CHECK | ALONE, 0);
        }
    }
}

#[test]
fn a_producer_that_falls_for_ever_traps() {
    for transport in shared().chain(isolated()) {
        for frame in 0..FRAMES.len() as u32 {
            fall(&mut *join(transport), FALL | ALONE, frame, "producer");
        }
    }
}
