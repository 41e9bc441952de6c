//! `ping`: four numbers. Protocol Buffers have none of 16 bits.

use weft_guest::schemas::{self, Outcome, Status, ping};

use crate::wire::{Filled, Wire, narrow, status};

/// A ping as prost has it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Ping {
    #[prost(uint64, tag = "1")]
    sequence: u64,
    #[prost(uint32, tag = "2")]
    source: u32,
    #[prost(uint32, tag = "3")]
    kind: u32,
    #[prost(uint32, tag = "4")]
    flags: u32,
}

/// A ping's writer and reader.
pub type PingWire = Wire<Ping>;

impl Filled for Ping {
    type Value = schemas::Ping;

    #[inline(always)]
    fn set(&mut self, ping: &schemas::Ping) {
        let schemas::Ping { sequence, source, kind, flags } = *ping;
        *self = Self { sequence, source, kind: kind.into(), flags: flags.into() };
    }
}

impl PingWire {
    /// Decodes, and reads three fields.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let schemas::Ping { sequence, source, flags, .. } = Self::own(bytes)?;
        Ok(ping::peek(sequence, source, flags))
    }

    /// Decodes, and reads all fields.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(ping::scan(&Self::own(bytes)?))
    }

    /// Decodes.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<schemas::Ping, Status> {
        let Ping { sequence, source, kind, flags } = prost::Message::decode(bytes).map_err(status)?;
        Ok(schemas::Ping { sequence, source, kind: narrow(kind)?, flags: narrow(flags)? })
    }
}
