//! The hosts that there are: weft's own under its settings, and those that `peers/<name>/host.toml` describes; and weft's
//! own as another revision builds it. What is started of them is a [`Process`] that speaks the protocol.

mod aside;
mod manifest;
mod process;
mod state;
mod work;

pub use manifest::{Launch, Manifest, Need, Variant};
pub use process::{Answer, Process};
pub use state::{BE_HOST, HostError, KnownHost, State, known_hosts};
