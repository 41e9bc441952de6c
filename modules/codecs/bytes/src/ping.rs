//! `ping`: 16 bytes.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 8 | sequence |
//! | 8 | 4 | source |
//! | 12 | 2 | kind |
//! | 14 | 2 | flags |

use weft_guest::Encode;
use weft_guest::schemas::{Outcome, Ping, Status, ping};

use crate::wire::{Writer, array};

/// A ping's writer.
pub struct PingWire(&'static mut [u8]);

const LEN: usize = 16;

impl Encode for PingWire {
    type Message = Ping;

    fn capacity(_: &[Ping]) -> usize {
        LEN
    }

    fn start(outbox: &'static mut [u8], _: &[Ping]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, ping: &Ping) -> Result<&[u8], Status> {
        let mut out = Writer::new(self.0);
        out.put(ping.sequence.to_le_bytes())?;
        out.put(ping.source.to_le_bytes())?;
        out.put(ping.kind.to_le_bytes())?;
        out.put(ping.flags.to_le_bytes())?;
        out.finish()
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
            sequence: u64::from_le_bytes(array(bytes, 0)?),
            source: u32::from_le_bytes(array(bytes, 8)?),
            kind: u16::from_le_bytes(array(bytes, 12)?),
            flags: u16::from_le_bytes(array(bytes, 14)?),
        })
    }
}
