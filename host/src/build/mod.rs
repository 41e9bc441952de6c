//! Builds guests when they are needed, for what is needed, and keeps them by content and toolchain.
//!
//! A guest that is kept comes without a call of cargo; of each, those that were used last are kept. The others are compiled side by side: one call of cargo a role,
//! and both roles at once. What a guest becomes does not depend on what is built beside it (see `graph.rs`), nor on the
//! times of files (see `stale.rs`).

mod builder;
mod call;
mod crates;
mod error;
mod graph;
pub mod held;
mod kept;
mod role;
mod sources;
mod stale;
mod toolchain;

pub use builder::{BuiltGuest, GuestBuilder};
pub use crates::{GuestCrate, baseline, codecs};
pub use error::BuildError;
pub use role::{Role, Target};
pub use sources::content;
