//! What hosts that are plugin systems have in common: their plugins, the loop that drives them, and weft's host protocol.
//!
//! A plugin system has no `send`: its host calls the producer's plugin, which returns the message, and then the consumer's
//! with these bytes, which returns the digest. So a message is two calls that the host makes, and one that is
//! answered is three: the producer's plugin gets the answer, and returns the digest. [`System`] is what is particular
//! about a system, and [`PluginHost`] makes a host of it.
#![forbid(unsafe_code)]

mod calls;
mod exchange;
mod host;
mod plugins;
mod system;

pub use calls::{Calls, Reply};
pub use exchange::Exchange;
pub use host::PluginHost;
pub use plugins::{Module, Plugins};
pub use system::{About, Pair, Sent, System};
