//! `ping`: four numbers of variable length.

use weft_guest::Encode;
use weft_guest::schemas::{Outcome, Ping, Status, ping};

use crate::{decode_all, encode};

/// A ping's writer.
pub struct PingWire(&'static mut [u8]);

impl Encode for PingWire {
    type Message = Ping;

    /// The longest forms: 9, 5, 3 and 3 bytes.
    fn capacity(_: &[Ping]) -> usize {
        20
    }

    fn start(outbox: &'static mut [u8], _: &[Ping]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, ping: &Ping) -> Result<&[u8], Status> {
        encode(ping, self.0)
    }
}

impl PingWire {
    /// Decodes, and reads three fields.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let Ping { sequence, source, flags, .. } = decode_all(bytes)?;
        Ok(ping::peek(sequence, source, flags))
    }

    /// Decodes, and reads all fields.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(ping::scan(&decode_all(bytes)?))
    }

    /// Decodes.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Ping, Status> {
        decode_all(bytes)
    }
}
