//! The requester: it reads the records of an answer, which an adapter has put into its memory, and frees them.

use weft_guest::producer::Line;
use weft_guest::schemas::{Log, Mesh, Outcome, Players};

use crate::lowered::{List, Lowered};
use crate::{Carried, Wire};

/// The digest of an answer, which is freed.
#[inline(always)]
fn read<M: Carried>(records: *const M::Record, len: usize) -> Outcome {
    let list = List::of(records, len);
    // SAFETY: an adapter has checked the records and allocated what they point at, a piece for each; nobody else frees them.
    unsafe {
        let digest = M::scan(list.elements().iter().map(|record| record.read()));
        list.free();
        digest
    }
}

macro_rules! exports {
    ($($message:literal: $type:ty),+ $(,)?) => {
        $(const _: () = {
            static LINE: Line<Wire<$type>> = Line::new($message);

            #[unsafe(export_name = concat!("prepare_", $message))]
            extern "C" fn prepare(size: u32, messages: u32, seed: u64) -> i64 {
                LINE.prepare_requests(size, messages, seed)
            }

            #[unsafe(export_name = concat!("request_", $message))]
            extern "C" fn request(first: u32, count: u32) -> i64 {
                LINE.request_list(first, count, read::<$type>)
            }
        };)+
    };
}

exports! { "log": Log, "mesh": Mesh, "player": Players }
