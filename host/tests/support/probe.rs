//! Modules in WebAssembly text, run as they are, with fuel, and metered: all three must do the same.

use wasmtime::{AsContext, AsContextMut, Instance, Memory, Module, Store, Val};
use weft::exact::{Metering, meter};
use weft_link::Engine;
use weft_link::meter::{Counter, GROWN_PAGES, MESSAGE_LEN, MESSAGE_START};

use crate::support::ENGINE;
use crate::support::fuel::FUELLED;

/// More than any of these modules needs.
const FUEL: u64 = 1 << 40;

/// What a module did.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// What its function returned; none where it trapped.
    pub returned: Option<Vec<u64>>,
    /// Its memory afterwards.
    pub memory: Vec<u8>,
}

/// The counters that are not 0, in their order.
pub type Counted = Vec<(Counter, u64)>;

/// An instance of a module with the memory that it imports as `env.memory`.
pub struct Probe {
    pub store: Store<()>,
    instance: Instance,
    memory: Option<Memory>,
}

impl Probe {
    /// Instantiates a module; functions that it imports return nothing and do nothing.
    pub fn new(engine: &Engine, wasm: &[u8]) -> Self {
        let module = Module::new(engine.wasmtime(), wasm).unwrap_or_else(|error| panic!("{error:?}"));
        // Without the limits of guests: what is asked here is what a module does by itself.
        let mut store = Store::new(engine.wasmtime(), ());
        // An error only says that this engine does not count fuel.
        let _ = store.set_fuel(FUEL);
        let mut memory = None;
        let imports: Vec<_> = module
            .imports()
            .map(|import| match import.ty() {
                wasmtime::ExternType::Memory(ty) => {
                    let imported = Memory::new(&mut store, ty).expect("a memory");
                    memory = Some(imported);
                    imported.into()
                }
                wasmtime::ExternType::Func(ty) => wasmtime::Func::new(&mut store, ty, |_, _, _| Ok(())).into(),
                wasmtime::ExternType::Global(ty) => {
                    wasmtime::Global::new(&mut store, ty, Val::I32(0)).expect("a global").into()
                }
                other => panic!("no test imports {other:?}"),
            })
            .collect();
        let instance = Instance::new(&mut store, &module, &imports).unwrap_or_else(|error| panic!("{error:?}"));
        Self { store, instance, memory }
    }

    /// Instantiates a metered module.
    pub fn metered(text: &str, metering: Metering) -> Self {
        let wasm = meter(&wasm(text), metering).unwrap_or_else(|error| panic!("{error}"));
        Self::new(&ENGINE, &wasm)
    }

    /// Says where messages lie.
    pub fn messages_lie_in(&mut self, start: u64, len: u64) {
        for (name, value) in [(MESSAGE_START, start), (MESSAGE_LEN, len)] {
            let global = self.instance.get_global(&mut self.store, name).expect("a metered module");
            global.set(&mut self.store, Val::I64(value.cast_signed())).expect("an i64");
        }
    }

    /// Calls a function; what it returns as bits, or none where it traps.
    pub fn call(&mut self, export: &str, arguments: &[Val]) -> Option<Vec<u64>> {
        let function = self.instance.get_func(&mut self.store, export).expect("the export");
        let count = function.ty(&self.store).results().len();
        let mut results = vec![Val::I32(0); count];
        function.call(&mut self.store, arguments, &mut results).ok()?;
        Some(results.iter().flat_map(bits).collect())
    }

    /// The counters that are not 0.
    pub fn counted(&mut self) -> Counted {
        let value = |counter: Counter| {
            let global = self.instance.get_global(&mut self.store, &counter.export()).expect("a counter");
            (counter, global.get(&mut self.store).unwrap_i64().cast_unsigned())
        };
        Counter::ALL.map(value).into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// The pages that were grown.
    pub fn grown(&mut self) -> Vec<usize> {
        let map = self.instance.get_memory(&mut self.store, GROWN_PAGES).expect("a metered module");
        let pages = map.data(&self.store).iter().enumerate();
        pages.filter(|(_, mark)| **mark != 0).map(|(page, _)| page).collect()
    }

    /// The memory that it imported.
    pub fn bytes(&mut self) -> Vec<u8> {
        self.memory.map(|memory| memory.data(self.store.as_context()).to_vec()).unwrap_or_default()
    }

    fn fuel(&mut self) -> u64 {
        self.store.as_context_mut().get_fuel().expect("an engine that counts fuel")
    }
}

/// A value's bits.
fn bits(value: &Val) -> Vec<u64> {
    match value {
        Val::I32(value) => vec![u64::from(value.cast_unsigned())],
        Val::I64(value) => vec![value.cast_unsigned()],
        Val::F32(bits) => vec![u64::from(*bits)],
        Val::F64(bits) => vec![*bits],
        Val::V128(value) => vec![value.as_u128() as u64, (value.as_u128() >> 64) as u64],
        other => panic!("no test returns {other:?}"),
    }
}

/// The binary form of a text.
pub fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Calls a function of a module three times: as it is, with fuel, and metered, the messages lying in `message`.
/// Results and memory must be equal, and where it does not trap the counters and the fuel. Returns what the
/// call alone made the metered module count.
pub fn run(text: &str, export: &str, arguments: &[Val], message: (u64, u64)) -> (Ran, Counted) {
    let binary = wasm(text);
    let ran = |mut probe: Probe| {
        let returned = probe.call(export, arguments);
        Ran { returned, memory: probe.bytes() }
    };
    let plain = ran(Probe::new(&ENGINE, &binary));

    let mut probe = Probe::metered(text, Metering::Counting);
    probe.messages_lie_in(message.0, message.1);
    let before = probe.counted();
    let metered = Ran { returned: probe.call(export, arguments), memory: probe.bytes() };
    assert_eq!(plain.returned, metered.returned, "metering changes what is returned:\n{text}");
    assert!(plain.memory == metered.memory, "metering changes the memory:\n{text}");
    let counted = since(&probe.counted(), &before);

    if plain.returned.is_some() {
        let mut probe = Probe::new(&FUELLED, &binary);
        let before = probe.fuel();
        probe.call(export, arguments);
        let fuel = before - probe.fuel();
        let sum = of(&counted, Counter::Instructions) + of(&counted, Counter::Calls);
        assert_eq!(sum, fuel, "instructions and calls, and fuel:\n{text}");
    }
    (metered, counted)
}

/// What was counted between two readings.
fn since(later: &Counted, earlier: &Counted) -> Counted {
    let counts = later.iter().map(|(counter, count)| (*counter, count - of(earlier, *counter)));
    counts.filter(|(_, count)| *count > 0).collect()
}

/// One of the counters.
pub fn of(counted: &Counted, counter: Counter) -> u64 {
    counted.iter().find(|(other, _)| *other == counter).map_or(0, |(_, count)| *count)
}

/// What calling `export` counts.
pub fn counted(text: &str, export: &str, arguments: &[Val]) -> Counted {
    run(text, export, arguments, (0, 0)).1
}
