//! `ping`: a struct in a root table.

use core::marker::PhantomData;

use weft_guest::Encode;
use weft_schemas::{Outcome, Ping, Status, ping};
use weft_schemas_flatbuffers::generated::weft_generated as fb;

use crate::Root;
use crate::outbox::{Builder, OVERHEAD};

/// A ping as FlatBuffers.
pub struct PingWire<V> {
    builder: Builder,
    of: PhantomData<fn() -> V>,
}

impl<V: Root> Encode for PingWire<V> {
    type Message = Ping;
    const PANICS: bool = true;

    fn capacity(_messages: &[Ping]) -> usize {
        OVERHEAD
    }

    fn start(outbox: &'static mut [u8], _messages: &[Ping]) -> Result<Self, Status> {
        Ok(Self { builder: Builder::new(outbox), of: PhantomData })
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Ping) -> Result<&[u8], Status> {
        let Ping { sequence, source, kind, flags } = *message;
        let ping = fb::Ping::new(sequence, source, kind, flags);
        Ok(self.builder.message(|builder| fb::PingMessage::create(builder, &fb::PingMessageArgs { ping: Some(&ping) })))
    }
}

#[inline(always)]
fn read<V: Root>(bytes: &[u8]) -> Result<&fb::Ping, Status> {
    Ok(V::root::<fb::PingMessage>(bytes)?.ping())
}

impl<V: Root> PingWire<V> {
    /// Reads three fields.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let message = read::<V>(bytes)?;
        Ok(ping::peek(message.sequence(), message.source(), message.flags()))
    }

    /// Reads all fields.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(ping::scan(&Self::own(bytes)?))
    }

    /// Copies all fields out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Ping, Status> {
        let message = read::<V>(bytes)?;
        let (sequence, source) = (message.sequence(), message.source());
        Ok(Ping { sequence, source, kind: message.kind(), flags: message.flags() })
    }
}

/// A ping of a later schema, for tests: its table has a field more.
pub fn longer(ping: &Ping) -> Vec<u8> {
    let Ping { sequence, source, kind, flags } = *ping;
    let mut builder = flatbuffers::FlatBufferBuilder::new();
    let table = builder.start_table();
    builder.push_slot_always(fb::PingMessage::VT_PING + 2, 42_u32);
    builder.push_slot_always(fb::PingMessage::VT_PING, fb::Ping::new(sequence, source, kind, flags));
    let root = builder.end_table(table);
    builder.finish_minimal(root);
    builder.finished_data().to_vec()
}
