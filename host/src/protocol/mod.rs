//! The host protocol: what a host is asked, and what it answers, in lines of JSON. `docs/HOSTS.md` is its description.

mod reply;
mod request;
#[cfg(test)]
mod schema;
#[cfg(test)]
pub(crate) mod validator;

pub use reply::{Counted, End, Engine, Greeting, Known, Measured, Refused, Reply, TransportKnown, Verified};
pub use request::{Asked, Guest, Item, Purpose, Request, Round, Yardstick};

/// The version of the protocol that this library speaks.
pub const PROTOCOL: u32 = 1;

/// A line of the protocol, without its end.
///
/// # Errors
/// None, for the types of this module.
pub fn line<T: serde::Serialize>(message: &T) -> serde_json::Result<String> {
    serde_json::to_string(message)
}
