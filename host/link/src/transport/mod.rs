//! Transports: what stands behind the producer's one import, `weft.send`.
//!
//! The guests are the same under every transport; a transport is a way to link them. Each is one file
//! that implements [`Transport`], and a line in [`TRANSPORTS`].

mod adapter;
mod buffer;
mod component;
mod direct;
mod linked;
mod mapping;
mod pane;
mod relay;
mod shim;
mod stores;
mod window;

use std::fmt;

use serde::{Deserialize, Serialize};
use wasmtime::AsContextMut;

use crate::guest::{Consumer, Guest, GuestError, Producer, Traits};
use crate::meter::Counts;
use crate::pair::{Pair, PairSpec};

/// Every transport, in the order of reports: from the most copies to the fewest.
pub static TRANSPORTS: &[&dyn Transport] = &[
    &relay::Relay,
    &buffer::SCAILABLE,
    &buffer::PACKED,
    &direct::Direct,
    &component::Component,
    &adapter::Adapter,
    &window::Window,
    &pane::Pane,
    &linked::Linked,
];

/// The transport with this name.
pub fn by_name(name: &str) -> Option<&'static dyn Transport> {
    TRANSPORTS.iter().copied().find(|transport| transport.name() == name)
}

/// What of each other's memory the two guests can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// Nothing.
    Full,
    /// The window, and nothing else.
    Window,
    /// Everything.
    None,
}

impl Isolation {
    /// All classes, from the strongest.
    pub const ALL: [Self; 3] = [Self::Full, Self::Window, Self::None];

    /// The word in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Window => "window",
            Self::None => "none",
        }
    }
}

impl fmt::Display for Isolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A way to link two guests.
pub trait Transport: Sync {
    /// Its name in cells and reports.
    fn name(&self) -> &'static str;

    /// What it isolates.
    fn isolation(&self) -> Isolation;

    /// One line for `weft list`.
    fn about(&self) -> &'static str;

    /// Whether it works on this system; otherwise why not.
    fn supported(&self) -> Result<(), String> {
        Ok(())
    }

    /// The exports that a consumer must have beside those that every consumer has.
    fn needs(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether it can hand over lists of records, and not only bytes.
    fn carries_records(&self) -> bool {
        false
    }

    /// Whether it takes memory from the consumer for each message of guests that say this of themselves: what the consumer does is
    /// then more than under other transports.
    fn takes_memory(&self, traits: &Traits) -> bool {
        let _ = traits;
        false
    }

    /// Whether it can join guests that say this of themselves; otherwise why not.
    ///
    /// # Errors
    /// The reason.
    fn takes(&self, consumer: &Guest, traits: &Traits) -> Result<(), String> {
        if traits.is_typed() && !self.carries_records() {
            return Err(format!("its messages are typed records, and {} carries bytes", self.name()));
        }
        match self.needs().iter().find(|export| !consumer.has(export)) {
            Some(export) => Err(format!("{} needs the consumer's {export}, which it does not export", self.name())),
            None => Ok(()),
        }
    }

    /// Whether it brings answers back, for the task [`REPLY`](crate::REPLY); otherwise why not.
    ///
    /// # Errors
    /// The reason.
    fn replies(&self) -> Result<(), String> {
        Err(format!("`{}` only carries messages one way", self.name()))
    }

    /// Instantiates both guests, prepares their messages and regions, and joins them. [`Self::replies`] says whether the task may be
    /// [`REPLY`](crate::REPLY).
    ///
    /// # Errors
    /// Where a guest is at fault, or the system refuses what the transport needs.
    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError>;
}

/// What the meters of two guests of one store show.
fn meters(mut store: impl AsContextMut, producer: &Producer, consumer: &Consumer) -> Option<[Counts; 2]> {
    Some([producer.meter.as_ref()?.read(&mut store), consumer.meter.as_ref()?.read(store)])
}
