//! A guest's instance and its exports: calls that report guest and name when they fail.

use wasmtime::{
    AsContextMut, Extern, Func, Instance, Memory, Module, TypedFunc, WasmBacktrace, WasmParams, WasmResults,
};

use super::error::plain;
use super::{Guest, GuestError, GuestName};

/// Instantiates a guest on `memory`; `send` is what a producer's one import is linked to.
pub(super) fn instantiate(
    mut store: impl AsContextMut,
    (guest, module): &(Guest, Module),
    memory: Memory,
    send: Option<Func>,
) -> Result<Instance, GuestError> {
    let imports: Vec<Extern> = module
        .imports()
        .filter_map(|import| match import.ty() {
            wasmtime::ExternType::Memory(_) => Some(memory.into()),
            _ => send.map(Extern::Func),
        })
        .collect();
    Instance::new(&mut store, module, &imports).map_err(|error| {
        classify(error, &guest.name, "start", |reason| GuestError::Instantiate { guest: guest.name.clone(), reason })
    })
}

/// A typed export that reports its guest and name when it fails.
pub struct Export<P, R = i64> {
    pub(super) function: TypedFunc<P, R>,
    pub(super) guest: GuestName,
    pub(super) name: String,
}

impl<P: WasmParams> Export<P> {
    /// Finds an export of the ABI.
    ///
    /// # Errors
    /// Where it is missing or has another type.
    pub fn find(
        mut store: impl AsContextMut,
        instance: &Instance,
        guest: &Guest,
        name: &str,
    ) -> Result<Self, GuestError> {
        let found = instance.get_func(&mut store, name).ok_or_else(|| guest.missing(name))?;
        let function = found.typed(&store).map_err(|_| GuestError::ExportType {
            guest: guest.name.clone(),
            export: name.to_owned(),
            found: found.ty(&store).to_string(),
            expected: "the type that docs/ABI.md names".to_owned(),
        })?;
        Ok(Self::of(function, &guest.name, name))
    }

    /// Calls the export; a status is an error as well.
    ///
    /// # Errors
    /// Also where the guest returns a status.
    pub fn value(&self, store: impl AsContextMut, parameters: P) -> Result<u64, GuestError> {
        let result = self.call(store, parameters)?;
        u64::try_from(result).map_err(|_| self.status(result, None))
    }

    /// The error that a status of this export is.
    pub fn status(&self, status: i64, refused: Option<(u32, u32)>) -> GuestError {
        GuestError::Status { guest: self.guest.clone(), export: self.name.clone(), status, refused }
    }
}

impl<P: WasmParams, R: WasmResults> Export<P, R> {
    /// A function that is called in a guest's name.
    pub(crate) fn of(function: TypedFunc<P, R>, guest: &GuestName, name: &str) -> Self {
        Self { function, guest: guest.clone(), name: name.to_owned() }
    }

    /// Calls the export; a trap is an error, a status is a value.
    ///
    /// # Errors
    /// Where the guest traps, or an error of ours travelled through it.
    #[inline(always)]
    pub fn call(&self, store: impl AsContextMut, parameters: P) -> Result<R, GuestError> {
        self.function.call(store, parameters).map_err(|error| self.failed(error))
    }

    /// The error that this guest has no export of another name.
    #[cold]
    pub(super) fn missing(&self, export: &str) -> GuestError {
        let present = format!("`{}`, but none for this", self.name);
        GuestError::MissingExport { guest: self.guest.clone(), export: export.to_owned(), present }
    }

    #[cold]
    pub(super) fn failed(&self, error: wasmtime::Error) -> GuestError {
        failed(error, &self.guest, &self.name)
    }
}

/// The error inside wasmtime's: one of our own that travelled through a guest, or what `otherwise`
/// makes of it; a trap in `export`, where a guest was running.
pub fn classify(
    error: wasmtime::Error,
    guest: &GuestName,
    export: &str,
    otherwise: impl FnOnce(String) -> GuestError,
) -> GuestError {
    match error.downcast::<GuestError>() {
        Ok(ours) => ours,
        Err(error) if error.is::<wasmtime::Trap>() || error.is::<WasmBacktrace>() => {
            GuestError::Trap { guest: guest.clone(), export: export.to_owned(), trace: trace(&error) }
        }
        Err(error) => otherwise(format!("{error:#}")),
    }
}

/// The error that ended a call of `export`.
pub(crate) fn failed(error: wasmtime::Error, guest: &GuestName, export: &str) -> GuestError {
    let trap = |trace| GuestError::Trap { guest: guest.clone(), export: export.to_owned(), trace };
    classify(error, guest, export, trap)
}

/// What a trap was, and the functions in which it happened. (wasmtime's own text begins with the
/// functions, and with `RUST_BACKTRACE` ends with those of the host.)
fn trace(error: &wasmtime::Error) -> String {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else { return format!("{error:#}") };
    // The backtrace is the outermost context; what follows goes from the circumstances to the trap.
    let mut causes: Vec<_> = error.chain().skip(1).map(|cause| cause.to_string()).collect();
    causes.reverse();
    plain(&format!("{}; {backtrace}", causes.join(", ")))
}

/// Whether a trap happened in a function: in instantiation it may happen before any runs.
pub(crate) fn happened_within(error: &wasmtime::Error) -> bool {
    error.downcast_ref::<WasmBacktrace>().is_some_and(|backtrace| !backtrace.frames().is_empty())
}

/// Whether the function in which a trap happened is one of `module`.
pub(crate) fn happened_in(error: &wasmtime::Error, module: &Module) -> bool {
    let innermost = error.downcast_ref::<WasmBacktrace>().and_then(|backtrace| backtrace.frames().first());
    innermost.is_some_and(|frame| frame.module().image_range() == module.image_range())
}
