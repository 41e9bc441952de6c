//! A codec's guests after the metering pass.

use weft_link::Engine;
use weft_link::guest::{Compiled, Guest, GuestError};

use super::{Metering, meter};

/// Meters both guests and compiles them.
///
/// # Errors
/// Where a guest cannot be metered.
pub fn metered(engine: &Engine, [producer, consumer]: [&Guest; 2], metering: Metering) -> Result<Compiled, GuestError> {
    Compiled::new(engine, &guest(producer, metering)?, &guest(consumer, metering)?)
}

fn guest(guest: &Guest, metering: Metering) -> Result<Guest, GuestError> {
    let wasm = meter(&guest.wasm, metering)
        .map_err(|error| GuestError::Unmetered { guest: guest.name.clone(), reason: error.to_string() })?;
    Guest::read_metered(guest.name.clone(), &wasm)
}
