//! `ping`: 16 bytes: sequence (8), source (4), kind (2), flags (2). Before each send, `sequence` is
//! stored.

use weft_guest::Encode;
use weft_guest::schemas::{Outcome, Ping, Status, ping};

use crate::slots::{Slots, capacity, get, number, set};

const LEN: usize = 16;

/// The pings in the outbox.
pub struct PingWire(Slots);

impl Encode for PingWire {
    type Message = Ping;

    fn capacity(messages: &[Ping]) -> usize {
        capacity(messages.iter().map(|_| LEN))
    }

    fn start(outbox: &'static mut [u8], messages: &[Ping]) -> Result<Self, Status> {
        let build = |ping: &Ping, slot: &mut [u8]| {
            set(slot, 0, ping.sequence.to_le_bytes())?;
            set(slot, 8, ping.source.to_le_bytes())?;
            set(slot, 12, ping.kind.to_le_bytes())?;
            set(slot, 14, ping.flags.to_le_bytes())
        };
        Slots::build(outbox, messages, |_| LEN, build).map(Self)
    }

    #[inline(always)]
    fn encode(&mut self, index: usize, ping: &Ping) -> Result<&[u8], Status> {
        let slot = self.0.get(index)?;
        set(slot, 0, ping.sequence.to_le_bytes())?;
        Ok(slot)
    }
}

impl PingWire {
    /// Reads three fields.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let Ping { sequence, source, flags, .. } = Self::own(bytes)?;
        Ok(ping::peek(sequence, source, flags))
    }

    /// Reads all fields.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(ping::scan(&Self::own(bytes)?))
    }

    /// The ping: it has nothing that is not a number.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Ping, Status> {
        if bytes.len() != LEN {
            return Err(Status::Malformed);
        }
        Ok(Ping {
            sequence: u64::from_le_bytes(get(bytes, 0)?),
            source: number(bytes, 8)?,
            kind: u16::from_le_bytes(get(bytes, 12)?),
            flags: u16::from_le_bytes(get(bytes, 14)?),
        })
    }
}
