//! The guests of a codec with counting code in them, made and compiled once for all cells.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use wasmtime::Engine;

use super::{Freed, meter};
use crate::guest::{Codec, Compiled, Guest, GuestError};

/// Metered guests by codec, for several threads.
pub struct Metered<'a> {
    engine: &'a Engine,
    compiled: Mutex<HashMap<(String, Freed), Arc<Compiled>>>,
}

impl<'a> Metered<'a> {
    /// No guest is metered yet.
    pub fn new(engine: &'a Engine) -> Self {
        Self { engine, compiled: Mutex::default() }
    }

    /// The engine that they are compiled by.
    pub const fn engine(&self) -> &'a Engine {
        self.engine
    }

    /// A codec's guests, metered and compiled when they are first asked for.
    ///
    /// # Errors
    /// Where a guest cannot be metered.
    pub fn get(&self, codec: &Codec, freed: Freed) -> Result<Arc<Compiled>, GuestError> {
        // A thread that panicked while it held the lock left a map without its entry.
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (codec.name.clone(), freed);
        if let Some(guests) = compiled.get(&key) {
            return Ok(Arc::clone(guests));
        }
        let guests = Arc::new(Compiled {
            producer: self.compile(&codec.producer, freed)?,
            consumer: self.compile(&codec.consumer, freed)?,
        });
        compiled.insert(key, Arc::clone(&guests));
        Ok(guests)
    }

    fn compile(&self, guest: &Guest, freed: Freed) -> Result<(Guest, wasmtime::Module), GuestError> {
        let wasm = meter(&guest.wasm, freed)
            .map_err(|error| GuestError::Unmetered { guest: guest.name.clone(), reason: error.to_string() })?;
        let metered = Guest::read(guest.name.clone(), &wasm)?;
        let module = metered.compile(self.engine)?;
        Ok((metered, module))
    }
}
