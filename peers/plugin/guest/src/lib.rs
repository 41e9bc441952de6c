//! A codec as a plugin sees it: the host asks for one message at a call, and gives one back at a call.
//!
//! weft's own guests encode in a loop and send what they have encoded. A plugin of a plugin system is called by the host for
//! each message instead. [`Line`] is the producer of one kind of message: it is prepared once, and then encodes the message
//! that it is asked for into the same outbox, with all that the codec reuses between messages. A consumer keeps nothing where messages go
//! one way, and a [`Replier`] where it answers; [`result`] makes a number of what a task returns. The codec is the same source as that of weft's own guests, and so are
//! values, digests and statuses.

mod line;
mod replier;

pub use line::Line;
pub use replier::Replier;
pub use weft_guest::consumer::own;
pub use weft_guest::{Encode, Kept, schemas, serde};

use weft_guest::schemas::Outcome;

/// What a consumer returns for a message: the digest, or the negative code of a status.
#[inline(always)]
pub fn result(outcome: Outcome) -> i64 {
    match outcome {
        Ok(digest) => digest as i64,
        Err(status) => status.code(),
    }
}
