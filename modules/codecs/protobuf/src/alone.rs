//! The library's own call, on structs that are there already: what whoever uses prost all through pays.

use weft_testing::LibraryCall;

use crate::wire::Filled;
use crate::{LogWire, MeshWire, PlayerWire};

weft_testing::overhead! { log@100: LogWire = Structs::<crate::log::Log>::new, mesh@1000: MeshWire = Structs::<crate::mesh::Mesh>::new,
player@100: PlayerWire = Structs::<crate::player::Structs>::new }

/// The messages as the library's structs, and a buffer that is kept.
struct Structs<P>(Vec<P>, Vec<u8>);

impl<P: Filled> Structs<P> {
    fn new(messages: &[P::Value], room: usize) -> Self {
        let filled = |message| {
            let mut filled = P::default();
            filled.set(message);
            filled
        };
        Self(messages.iter().map(filled).collect(), Vec::with_capacity(room))
    }
}

impl<P: Filled> LibraryCall<P::Value> for Structs<P> {
    const REASON: Option<&'static str> = Some("the value is copied into the library's structs");

    fn encode(&mut self, index: usize, _: &P::Value) -> &[u8] {
        let Self(messages, buffer) = self;
        buffer.clear();
        messages[index].encode(buffer).expect("the buffer grows");
        buffer
    }
}
