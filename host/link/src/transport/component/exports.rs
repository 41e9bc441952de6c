//! What a composition exports: functions of the component model, called by the names that docs/ABI.md has for them.

use wasmtime::AsContextMut;
use wasmtime::component::{ComponentNamedList, ComponentType, Instance, Lift, Lower, TypedFunc};

use crate::guest::{GuestError, GuestName, classify};

/// A function of a shim, or of a guest.
pub struct Lifted<P, R = i64> {
    function: TypedFunc<P, (R,)>,
    pub guest: GuestName,
    /// The name that it has in the guest.
    pub export: String,
}

impl<P, R> Lifted<P, R>
where
    P: ComponentNamedList + Lower,
    R: ComponentType + Lift,
{
    /// Finds what the composition exports as `name`, which is `export` of `guest`.
    ///
    /// # Errors
    /// Where the composition has it not, or of another type.
    pub fn find(
        mut store: impl AsContextMut,
        instance: &Instance,
        name: &str,
        (guest, export): (&GuestName, &str),
    ) -> Result<Self, GuestError> {
        let function = instance.get_typed_func(&mut store, name).map_err(|error| GuestError::Instantiate {
            guest: guest.clone(),
            reason: format!("the component around it: {error:#}"),
        })?;
        Ok(Self { function, guest: guest.clone(), export: export.to_owned() })
    }

    /// Calls it.
    ///
    /// # Errors
    /// How the call ended.
    pub fn bare(&self, store: impl AsContextMut, parameters: P) -> wasmtime::Result<R> {
        self.function.call(store, parameters).map(|(result,)| result)
    }

    /// Calls it on a fiber.
    ///
    /// # Errors
    /// How the call ended.
    #[cfg(feature = "async")]
    pub fn on_fiber(&self, store: impl AsContextMut<Data: Send>, parameters: P) -> wasmtime::Result<R>
    where
        R: 'static,
    {
        crate::fiber::returned(self.function.call_async(store, parameters)).map(|(result,)| result)
    }

    /// Calls it; a trap is an error.
    ///
    /// # Errors
    /// Where the guest traps, or an error of ours travelled through it.
    pub fn call(&self, store: impl AsContextMut, parameters: P) -> Result<R, GuestError> {
        self.bare(store, parameters).map_err(|error| self.failed(error))
    }

    /// The error that ended a call of it.
    #[cold]
    pub fn failed(&self, error: wasmtime::Error) -> GuestError {
        let trap = |trace| GuestError::Trap { guest: self.guest.clone(), export: self.export.clone(), trace };
        classify(error, &self.guest, &self.export, trap)
    }
}

impl<P: ComponentNamedList + Lower> Lifted<P> {
    /// Calls it; a status is an error as well.
    ///
    /// # Errors
    /// Also where the guest returns a status.
    pub fn value(&self, store: impl AsContextMut, parameters: P) -> Result<u64, GuestError> {
        let result = self.call(store, parameters)?;
        u64::try_from(result).map_err(|_| self.status(result, None))
    }

    /// The error that a status of it is.
    pub fn status(&self, status: i64, refused: Option<(u32, u32)>) -> GuestError {
        GuestError::Status { guest: self.guest.clone(), export: self.export.clone(), status, refused }
    }
}
