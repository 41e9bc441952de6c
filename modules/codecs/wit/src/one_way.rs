//! The exports of a consumer: what it does with the list of records that an adapter has put into its memory, or a producer into the memory
//! that both share.

use weft_guest::consumer;
use weft_guest::schemas::{Log, Mesh, Players, Status, Task};

use crate::Carried;
use crate::lowered::{List, Lowered};

/// Does a task with the list of records that an adapter, or the producer, has put into this memory. `own` takes the list over.
#[inline(always)]
fn receive<M: Carried>(ptr: usize, len: usize, task: Task) -> i64 {
    consumer::receive_list::<M::Record>(ptr, len, |start| {
        let list = List::of(start, len);
        // SAFETY: an adapter has checked the records and allocated what they point at, a piece for each; or they are the
        // producer's, which shares this memory and waits, and then the task is not `own` (the traits).
        unsafe {
            let records = list.elements();
            match task {
                Task::Peek => records.get(len / 2).map(M::peek).ok_or(Status::Malformed),
                Task::Scan => M::scan(records.iter().map(|record| record.read())),
                _ => consumer::own(Ok(M::of(list.take()))),
            }
        }
    })
}

/// Frees a list of records that an adapter has put into this memory.
fn drop_list<M: Carried>(ptr: usize, len: usize) {
    // SAFETY: as in `receive`; the transport calls this once, and not after `own` (docs/ABI.md, "Typed messages").
    unsafe { List::of(ptr as *const M::Record, len).free() }
}

macro_rules! consumer_exports {
    ($($message:literal: $type:ty),+ $(,)?) => {
        $(const _: () = {
            #[unsafe(export_name = concat!("receive_", $message, "_peek"))]
            extern "C" fn peek(ptr: usize, len: usize) -> i64 {
                receive::<$type>(ptr, len, Task::Peek)
            }

            #[unsafe(export_name = concat!("receive_", $message, "_scan"))]
            extern "C" fn scan(ptr: usize, len: usize) -> i64 {
                receive::<$type>(ptr, len, Task::Scan)
            }

            #[unsafe(export_name = concat!("receive_", $message, "_own"))]
            extern "C" fn own(ptr: usize, len: usize) -> i64 {
                receive::<$type>(ptr, len, Task::Own)
            }

            #[unsafe(export_name = concat!("drop_", $message))]
            extern "C" fn drop(ptr: usize, len: usize) {
                drop_list::<$type>(ptr, len);
            }
        };)+
    };
}

consumer_exports! { "log": Log, "mesh": Mesh, "player": Players }
