//! A producer and a consumer in one process, and the heap of native guests: few enough steps for Miri, which finds what a compiler does not
//! (CONTRIBUTING.md).

use core::alloc::{GlobalAlloc, Layout};
use std::alloc::alloc_zeroed;

use weft_schemas::{Message, Ping, Status};

use crate::heap::{self, Heap};
use crate::producer::{self, Line};
use crate::region::PAGE;
use crate::{Encode, consumer, native};

/// A ping's first field and eight bytes more.
struct Wire(&'static mut [u8]);

impl Encode for Wire {
    type Message = Ping;

    fn capacity(_: &[Ping]) -> usize {
        16
    }

    fn start(outbox: &'static mut [u8], _: &[Ping]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    fn encode(&mut self, index: usize, ping: &Ping) -> Result<&[u8], Status> {
        let wire = self.0.get_mut(..16).ok_or(Status::Capacity)?;
        wire[..8].copy_from_slice(&ping.sequence.to_le_bytes());
        wire[8..].fill(index as u8);
        Ok(wire)
    }
}

static LINE: Line<Wire> = Line::new("ping");

const SEED: u64 = 7;

/// What the consumer returns: a number that each of the bytes is in.
fn read(bytes: &[u8]) -> Result<u64, Status> {
    if bytes.len() == 16 { Ok(bytes.iter().map(|byte| u64::from(*byte)).sum()) } else { Err(Status::Malformed) }
}

unsafe extern "C" fn receive(ptr: *const u8, len: usize) -> i64 {
    consumer::receive(ptr.expose_provenance(), len, read)
}

fn expected(index: u32) -> u64 {
    let bytes = Ping::generate(SEED, index, 1).sequence.to_le_bytes();
    bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>() + 8 * u64::from(index)
}

/// All of it is one test: a guest is called by one thread.
#[test]
fn messages_go_from_one_half_to_the_other() {
    let [argument, not_prepared, misaligned, out_of_range, malformed] =
        [Status::Argument, Status::NotPrepared, Status::Misaligned, Status::OutOfRange, Status::Malformed]
            .map(Status::code);
    assert_eq!(LINE.produce(0, 1), not_prepared);
    assert_eq!(LINE.prepare(1, 0, SEED), argument);
    let capacity = LINE.prepare(1, 3, SEED);
    assert_eq!((capacity, LINE.prepare(1, 3, SEED)), (16 + 4096, argument));
    assert_eq!(LINE.produce(0, 1), not_prepared);
    let address = producer::outbox(capacity as usize);
    assert!(address > 0 && address % PAGE as i64 == 0);
    assert_eq!((LINE.produce(3, 1), LINE.produce(0, 2)), (argument, not_prepared));
    native::connect(receive);
    let sum = |count: u32| (0..count).map(|number| expected(number % 3)).sum::<u64>() as i64;
    assert_eq!((LINE.produce(0, 7), LINE.produce(2, 0)), (sum(7), 0));
    assert_eq!(consumer::receive(12, 16, read), misaligned);
    assert_eq!(consumer::rejected(), 12 << 32 | 16);
    assert_eq!((consumer::receive(0, 0, read), consumer::receive(0, 8, read)), (out_of_range, out_of_range));
    let short = [0_u64; 1];
    assert_eq!(consumer::receive(short.as_ptr().expose_provenance(), 8, read), malformed);
    LINE.release();
    // SAFETY: the encoder is gone, and nobody else has had the outbox.
    unsafe { native::release() };
    assert_eq!(LINE.produce(0, 1), not_prepared);
}

/// Pieces of many sizes that are written to their ends, grown, shrunk and given back.
#[test]
fn the_heap_gives_what_was_asked_for_and_no_more_than_it_has() {
    let layout = |size, align| Layout::from_size_align(size, align).expect("a layout");
    // SAFETY: the layout's size is not 0.
    let room = unsafe { alloc_zeroed(layout(8 * PAGE, PAGE)) };
    assert!(!room.is_null());
    // SAFETY: it is zero, starts at a page, and is never given back.
    unsafe { heap::memory(room, 8 * PAGE) };
    let mut pieces = Vec::new();
    for (number, align) in
        [(1_usize, 1), (100, 8), (1000, 64), (5000, 4096), (40, 16), (70_000, 8)].into_iter().enumerate()
    {
        let (size, align) = align;
        // SAFETY: the size is not 0, and only what was given is written.
        unsafe {
            let piece = Heap.alloc(layout(size, align));
            assert!(!piece.is_null() && piece.addr() % align == 0, "{size} bytes at {piece:p}");
            piece.write_bytes(number as u8 + 1, size);
            pieces.push((piece, size, align, number as u8 + 1));
        }
    }
    for (piece, size, align, byte) in pieces {
        let larger = 2 * size + 3;
        // SAFETY: the layouts are those that the pieces were given with.
        unsafe {
            let grown = Heap.realloc(piece, layout(size, align), larger);
            assert!(!grown.is_null());
            assert!(core::slice::from_raw_parts(grown, size).iter().all(|found| *found == byte), "{size} bytes");
            grown.add(size).write_bytes(0, larger - size);
            Heap.dealloc(grown, layout(larger, align));
        }
    }
    // SAFETY: the size is not 0.
    assert!(unsafe { Heap.alloc(layout(9 * PAGE, 8)) }.is_null());
}
