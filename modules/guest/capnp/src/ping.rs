//! `ping`: a struct of two words.

use weft_guest::Encode;
use weft_schemas::{Outcome, Ping, Status, ping};
use weft_schemas_capnp::generated::weft_capnp as schema;

use crate::Form;
use crate::size::root_words;

/// A ping as Cap'n Proto.
pub struct PingWire<F>(F);

/// The words of a ping.
#[inline(always)]
const fn words(_messages: &[Ping]) -> usize {
    root_words::<schema::ping::Builder<'_>>()
}

impl<F: Form> Encode for PingWire<F> {
    type Message = Ping;
    const PANICS: bool = true;

    fn capacity(messages: &[Ping]) -> usize {
        F::capacity(words(messages))
    }

    fn start(outbox: &'static mut [u8], messages: &[Ping]) -> Result<Self, Status> {
        Ok(Self(F::new(outbox, words(messages))))
    }

    fn start_answers(outbox: &'static mut [u8]) -> Result<Self, Status> {
        let words = F::words(outbox.len());
        Ok(Self(F::new(outbox, words)))
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

impl<F: Form> PingWire<F> {
    /// Reads three fields.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        F::root::<schema::ping::Owned, _>(bytes, |ping, _| {
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
        F::root::<schema::ping::Owned, _>(bytes, |ping, _| {
            let (sequence, source) = (ping.get_sequence(), ping.get_source());
            Ok(Ping { sequence, source, kind: ping.get_kind(), flags: ping.get_flags() })
        })
    }
}
