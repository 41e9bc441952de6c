//! `ping`: a struct of numbers.

use rkyv::Archived;
use weft_schemas::{Outcome, Ping, Status, ping};

use crate::{Access, Wire};

impl<A: Access> Wire<A, Ping> {
    /// Reads three fields.
    ///
    /// # Errors
    /// Those of [`Access::access`].
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let ping = A::access::<Archived<Ping>>(bytes)?;
        Ok(ping::peek(ping.sequence.to_native(), ping.source.to_native(), ping.flags.to_native()))
    }

    /// Reads all fields.
    ///
    /// # Errors
    /// Those of [`Access::access`].
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(ping::scan(&Self::own(bytes)?))
    }

    /// Copies all fields out.
    ///
    /// # Errors
    /// Those of [`Access::access`].
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Ping, Status> {
        let ping = A::access::<Archived<Ping>>(bytes)?;
        Ok(Ping {
            sequence: ping.sequence.to_native(),
            source: ping.source.to_native(),
            kind: ping.kind.to_native(),
            flags: ping.flags.to_native(),
        })
    }
}

/// A ping of a later type, for tests: it has a field more.
pub fn longer(ping: &Ping) -> Vec<u8> {
    let archive = rkyv::to_bytes::<rkyv::rancor::Error>(&(*ping, 42_u32));
    archive.map(|archive| archive.to_vec()).unwrap_or_default()
}
