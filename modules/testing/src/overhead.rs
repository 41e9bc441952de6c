//! `encode` beside the library's own call, natively: how much longer a message takes with what weft has around the library.

use core::fmt::Debug;
use core::hint::black_box;
use std::time::{Duration, Instant};

use weft_guest::Encode;
use weft_schemas::{Message, Outcome, Task};

use crate::memory::memory;

/// The seed of the messages.
const SEED: u64 = 1;
/// How many there are.
const MESSAGES: u32 = 4;
/// How long one timing takes at least.
const TIMING: Duration = Duration::from_millis(1);
/// How many timings there are of each.
const TIMINGS: usize = 30;
/// How many times memory is taken anew. Where it lies makes a difference for large messages.
const PLACES: usize = 5;
/// The most that `encode` may take, of what the library alone takes, where there is no reason for more.
const LIMIT: f64 = 1.15;

/// A library's own call as its documentation shows it, and what it keeps from message to message.
pub trait LibraryCall<M> {
    /// Why the codec takes longer than the call, where it does.
    const REASON: Option<&'static str> = None;

    /// Encodes a message, which is number `index`; returns its bytes.
    fn encode(&mut self, index: usize, message: &M) -> &[u8];
}

/// A call that writes into a slice.
pub struct InRoom<F> {
    room: &'static mut [u8],
    call: F,
}

/// A call that writes into a slice of `room` bytes, and returns how many it wrote.
pub fn in_room<M, E: Debug, F: FnMut(&M, &mut [u8]) -> Result<usize, E>>(room: usize, call: F) -> InRoom<F> {
    InRoom { room: memory(room), call }
}

impl<M, E: Debug, F: FnMut(&M, &mut [u8]) -> Result<usize, E>> LibraryCall<M> for InRoom<F> {
    #[inline(always)]
    fn encode(&mut self, _: usize, message: &M) -> &[u8] {
        let len = (self.call)(message, self.room).expect("the library encodes the message");
        &self.room[..len]
    }
}

fn messages<M: Message>(size: u32) -> Vec<M> {
    (0..MESSAGES).map(|index| M::generate(SEED, index, size)).collect()
}

/// The codec reads what the library alone has encoded, and finds each message's values.
pub fn same_values<E: Encode, C: LibraryCall<E::Message>>(
    size: u32,
    scan: fn(&[u8]) -> Outcome,
    make: impl FnOnce(&[E::Message], usize) -> C,
) {
    let messages = messages::<E::Message>(size);
    let mut call = make(&messages, E::capacity(&messages));
    for (index, message) in messages.iter().enumerate() {
        let wire = call.encode(index, message);
        let copy = &mut memory(wire.len())[..wire.len()];
        copy.copy_from_slice(wire);
        assert_eq!(scan(copy), message.digest(Task::Scan));
    }
}

/// Prints how long `encode` takes, and how long the library alone.
///
/// Both are timed in turn, and the shortest timing of each counts: what disturbs them only makes them longer.
pub fn measured<E: Encode, C: LibraryCall<E::Message>>(
    package: &str,
    size: u32,
    make: impl Fn(&[E::Message], usize) -> C,
) {
    let messages = messages::<E::Message>(size);
    let capacity = E::capacity(&messages);
    let (mut with_weft, mut alone) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..PLACES {
        let mut encoder = E::start(memory(capacity), &messages).expect("the encoder starts");
        let mut call = make(&messages, capacity);
        let mut encode = |index, message: &_| {
            black_box(encoder.encode(index, black_box(message)).expect("the message is encoded"));
        };
        let mut bare = |index, message: &_| {
            black_box(call.encode(index, black_box(message)));
        };
        for _ in 0..TIMINGS {
            with_weft = nanoseconds(&messages, &mut encode).min(with_weft);
            alone = nanoseconds(&messages, &mut bare).min(alone);
        }
    }
    let codec = package.trim_start_matches("weft-codec-");
    let which = format!("{codec:14} {}@{size}", E::Message::NAME);
    let ratio = with_weft / alone;
    println!("\n{which:26} {with_weft:10.0} ns, the library alone {alone:10.0} ns: {ratio:.2} x");
    match C::REASON {
        Some(reason) if ratio > LIMIT => println!("{:26} {reason}", ""),
        _ => assert!(
            ratio <= LIMIT,
            "{which} takes {ratio:.2} x as long as the library alone; without a reason {LIMIT} x is the most"
        ),
    }
}

/// Nanoseconds that one message takes, over as many as the timing has time for.
fn nanoseconds<M>(messages: &[M], mut encode: impl FnMut(usize, &M)) -> f64 {
    let (start, mut rounds) = (Instant::now(), 0_u32);
    loop {
        messages.iter().enumerate().for_each(|(index, message)| encode(index, message));
        rounds += 1;
        let elapsed = start.elapsed();
        if elapsed >= TIMING {
            return elapsed.as_nanos() as f64 / f64::from(rounds) / messages.len() as f64;
        }
    }
}
