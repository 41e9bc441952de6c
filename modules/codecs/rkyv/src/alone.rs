//! The library's own call, as its documentation shows it for many messages: into an aligned vector and an arena, both kept. It is that
//! of `rkyv-unchecked` too, which encodes with the same code.

use rkyv::Serialize;
use rkyv::api::high::{HighSerializer, to_bytes_in_with_alloc};
use rkyv::rancor::Error;
use rkyv::ser::allocator::{Arena, ArenaHandle};
use rkyv::util::AlignedVec;
use weft_testing::LibraryCall;

use crate::{LogWire, MeshWire, PlayerWire};

weft_testing::overhead! {
    log@100: LogWire = Reused::new,
    mesh@1000: MeshWire = Reused::new,
    player@100: PlayerWire = Reused::new,
}

/// The vector and the arena.
struct Reused(AlignedVec, Arena);

impl Reused {
    fn new<M>(_: &[M], room: usize) -> Self {
        Self(AlignedVec::with_capacity(room), Arena::new())
    }
}

impl<M> LibraryCall<M> for Reused
where
    M: for<'a> Serialize<HighSerializer<&'a mut AlignedVec, ArenaHandle<'a>, Error>>,
{
    fn encode(&mut self, _: usize, message: &M) -> &[u8] {
        let Self(room, arena) = self;
        room.clear();
        to_bytes_in_with_alloc::<_, _, Error>(message, &mut *room, arena.acquire()).expect("the archive is written");
        room
    }
}
