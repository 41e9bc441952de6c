//! The library's own call.

use bitcode::{Buffer, Encode};
use weft_guest::schemas::{Log, Mesh, Players};
use weft_testing::LibraryCall;

use crate::Wire;

weft_testing::overhead! {
    log@100: Wire<Log> = Reused::new,
    mesh@1000: Wire<Mesh> = Reused::new,
    player@100: Wire<Players> = Reused::new,
}

/// A buffer that is kept.
struct Reused(Buffer);

impl Reused {
    fn new<M>(_: &[M], _: usize) -> Self {
        Self(Buffer::new())
    }
}

impl<M: Encode> LibraryCall<M> for Reused {
    const REASON: Option<&'static str> = Some("the message is copied from the library's buffer into the outbox");

    fn encode(&mut self, _: usize, message: &M) -> &[u8] {
        self.0.encode(message)
    }
}
