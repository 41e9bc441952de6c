//! A codec's guests with counting code in them.

use weft_link::Engine;
use weft_link::guest::{Compiled, Guest, GuestError};

use super::{Freed, meter};

/// Meters both guests and compiles them.
///
/// # Errors
/// Where a guest cannot be metered.
pub fn metered(engine: &Engine, [producer, consumer]: [&Guest; 2], freed: Freed) -> Result<Compiled, GuestError> {
    Compiled::new(engine, &guest(producer, freed)?, &guest(consumer, freed)?)
}

fn guest(guest: &Guest, freed: Freed) -> Result<Guest, GuestError> {
    let wasm = meter(&guest.wasm, freed)
        .map_err(|error| GuestError::Unmetered { guest: guest.name.clone(), reason: error.to_string() })?;
    Guest::read_metered(guest.name.clone(), &wasm)
}
