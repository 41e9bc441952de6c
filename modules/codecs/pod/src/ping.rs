//! `ping`: a struct of 16 bytes.

use weft_guest::Encode;
use weft_guest::schemas::{self, Outcome, Status, ping};
use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// A ping as it lies in a message.
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct Ping {
    sequence: U64,
    source: U32,
    kind: U16,
    flags: U16,
}

/// A ping's writer.
pub struct PingWire(&'static mut [u8]);

impl Encode for PingWire {
    type Message = schemas::Ping;

    fn capacity(_: &[schemas::Ping]) -> usize {
        size_of::<Ping>()
    }

    fn start(outbox: &'static mut [u8], _: &[schemas::Ping]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, ping: &schemas::Ping) -> Result<&[u8], Status> {
        let (out, _) = Ping::mut_from_prefix(self.0).map_err(|_| Status::Capacity)?;
        let schemas::Ping { sequence, source, kind, flags } = *ping;
        *out = Ping { sequence: sequence.into(), source: source.into(), kind: kind.into(), flags: flags.into() };
        Ok(out.as_bytes())
    }
}

#[inline(always)]
fn read(bytes: &[u8]) -> Result<&Ping, Status> {
    Ping::ref_from_bytes(bytes).map_err(|_| Status::Malformed)
}

impl PingWire {
    /// Reads three fields.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let ping = read(bytes)?;
        Ok(ping::peek(ping.sequence.get(), ping.source.get(), ping.flags.get()))
    }

    /// Reads all fields.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(ping::scan(&Self::own(bytes)?))
    }

    /// Copies all fields out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<schemas::Ping, Status> {
        let Ping { sequence, source, kind, flags } = read(bytes)?;
        Ok(schemas::Ping { sequence: sequence.get(), source: source.get(), kind: kind.get(), flags: flags.get() })
    }
}
