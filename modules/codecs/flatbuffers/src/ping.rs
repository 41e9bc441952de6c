//! `ping`: a struct in a root table.

use weft_guest::Encode;
use weft_schemas::{Outcome, Ping, Status, ping};
use weft_schemas_flatbuffers::generated::weft_generated as fb;

use crate::outbox::{Builder, OVERHEAD};
use crate::verify::root;

/// A ping as FlatBuffers.
pub struct PingWire(Builder);

impl Encode for PingWire {
    type Message = Ping;

    fn capacity(_messages: &[Ping]) -> usize {
        OVERHEAD
    }

    fn start(outbox: &'static mut [u8], _messages: &[Ping]) -> Result<Self, Status> {
        Ok(Self(Builder::new(outbox)))
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Ping) -> Result<&[u8], Status> {
        let Ping { sequence, source, kind, flags } = *message;
        let ping = fb::Ping::new(sequence, source, kind, flags);
        Ok(self.0.message(|builder| fb::PingMessage::create(builder, &fb::PingMessageArgs { ping: Some(&ping) })))
    }
}

#[inline(always)]
fn read(bytes: &[u8]) -> Result<&fb::Ping, Status> {
    Ok(root::<fb::PingMessage>(bytes)?.ping())
}

impl PingWire {
    /// Verifies, then reads three fields.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let message = read(bytes)?;
        Ok(ping::peek(message.sequence(), message.source(), message.flags()))
    }

    /// Verifies, then reads all fields.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(ping::scan(&Self::own(bytes)?))
    }

    /// Verifies, then copies all fields out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Ping, Status> {
        let message = read(bytes)?;
        let (sequence, source) = (message.sequence(), message.source());
        Ok(Ping { sequence, source, kind: message.kind(), flags: message.flags() })
    }
}
