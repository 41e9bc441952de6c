//! `ping`: a struct of two words.

use weft_guest::Encode;
use weft_schemas::{Outcome, Ping, Status, ping};
use weft_schemas_capnp::generated::weft_capnp as schema;

use crate::outbox::{Outbox, WORD, root_words};
use crate::reader::root;

/// A ping as Cap'n Proto.
pub struct PingWire(Outbox);

impl Encode for PingWire {
    type Message = Ping;

    fn capacity(_messages: &[Ping]) -> usize {
        WORD * root_words::<schema::ping::Builder<'_>>()
    }

    fn start(outbox: &'static mut [u8], _messages: &[Ping]) -> Result<Self, Status> {
        Ok(Self(Outbox::new(outbox)))
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Ping) -> Result<&[u8], Status> {
        self.0.message(|builder| {
            let mut ping = builder.init_root::<schema::ping::Builder<'_>>();
            ping.set_sequence(message.sequence);
            ping.set_source(message.source);
            ping.set_kind(message.kind);
            ping.set_flags(message.flags);
            Ok(())
        })
    }
}

impl PingWire {
    /// Reads three fields.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        root::<schema::ping::Owned, _>(bytes, |ping| {
            Ok(ping::peek(ping.get_sequence(), ping.get_source(), ping.get_flags()))
        })
    }

    /// Reads all fields.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(ping::scan(&Self::own(bytes)?))
    }

    /// Copies all fields out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Ping, Status> {
        root::<schema::ping::Owned, _>(bytes, |ping| {
            let (sequence, source) = (ping.get_sequence(), ping.get_source());
            Ok(Ping { sequence, source, kind: ping.get_kind(), flags: ping.get_flags() })
        })
    }
}
