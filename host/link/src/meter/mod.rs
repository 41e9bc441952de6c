//! What a metered guest has counted: the globals that a metering pass has put into its module.

mod counter;
mod layout;

use wasmtime::{AsContextMut, Global, Instance, Memory, Val};

pub use counter::{ANSWER_LEN, ANSWER_START, Counter, GROWN_PAGES, MESSAGE_LEN, MESSAGE_START, RESERVED};
pub use layout::Layout;

use crate::guest::{Guest, GuestError, GuestName, Region};

/// The counters of an instantiated guest that was metered.
pub struct Meter {
    counters: Vec<Global>,
    message: [Global; 2],
    answer: [Global; 2],
    grown_pages: Memory,
    layout: Layout,
}

/// The counters of a guest at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts([u64; Counter::ALL.len()]);

impl Counts {
    /// The counters, asked for one by one.
    pub(crate) fn read(mut counter: impl FnMut(Counter) -> u64) -> Self {
        Self(Counter::ALL.map(&mut counter))
    }

    /// One of them.
    pub const fn of(&self, counter: Counter) -> u64 {
        self.0[counter as usize]
    }

    /// What was counted since an earlier look at the same guest.
    pub fn since(&self, earlier: &Self) -> Self {
        Self(std::array::from_fn(|place| self.0[place].wrapping_sub(earlier.0[place])))
    }

    /// Whether no counter differs by more than one in so many.
    pub fn agrees_within(&self, other: &Self, parts: u64) -> bool {
        self.0.iter().zip(other.0).all(|(&a, b)| a.abs_diff(b) <= a.max(b) / parts)
    }

    /// Whether what guests did differs by no more than one in so many: their operators, calls, allocations, and the bytes that they
    /// read and write, wherever these lie.
    pub fn agrees_in_all_within(&self, other: &Self, parts: u64) -> bool {
        self.in_all().into_iter().zip(other.in_all()).all(|(a, b)| a.abs_diff(b) <= a.max(b) / parts)
    }

    /// What is counted apart, and all bytes that are read or written.
    fn in_all(&self) -> [u64; 6] {
        use Counter as C;
        let apart = [C::Instructions, C::Calls, C::Allocations, C::AllocatedBytes, C::GrownPages];
        let accessed = C::ALL.iter().filter(|counter| !apart.contains(counter)).map(|&counter| self.of(counter)).sum();
        let [instructions, calls, allocations, allocated, grown] = apart.map(|counter| self.of(counter));
        [instructions, calls, allocations, allocated, grown, accessed]
    }

    /// The smaller of both, counter by counter.
    pub fn smaller(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|place| self.0[place].min(other.0[place])))
    }
}

/// A part of a guest's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Its outbox, or where it finds the message.
    Message,
    /// Where it finds answers, or the outbox of a consumer that answers.
    Answer,
    /// Its shadow stack.
    ShadowStack,
    /// Its static data.
    StaticData,
    /// What it grew, and all the rest.
    Heap,
}

/// Which part of a memory belongs to which part of a guest.
#[derive(Clone, Debug)]
pub struct Parts {
    message: (u64, u64),
    answer: (u64, u64),
    layout: Layout,
    grown_pages: Vec<u8>,
}

impl Parts {
    /// The parts of a guest whose messages and answers lie in these regions: `grown_pages` has a byte for each page of its memory.
    pub(crate) fn new(regions: [Region; 2], layout: Layout, grown_pages: Vec<u8>) -> Self {
        let [message, answer] = regions.map(|region| (region.start.into(), region.capacity.into()));
        Self { message, answer, layout, grown_pages }
    }

    /// The part that an address lies in, as the guest sees it.
    pub fn of(&self, address: u32) -> Part {
        let within = |(start, end): (u32, u32)| (start..end).contains(&address);
        let lies_in = |(start, len): (u64, u64)| u64::from(address).wrapping_sub(start) < len;
        if lies_in(self.message) {
            Part::Message
        } else if lies_in(self.answer) {
            Part::Answer
        } else if within(self.layout.shadow_stack) {
            Part::ShadowStack
        } else if within(self.layout.static_data) {
            Part::StaticData
        } else {
            Part::Heap
        }
    }

    /// Whether the guest grew the page of an address.
    pub fn grew(&self, address: u32) -> bool {
        self.grown_pages.get((address >> 16) as usize).is_some_and(|mark| *mark != 0)
    }
}

impl Meter {
    /// The meter of an instance; none where its module was not metered.
    pub(crate) fn find(mut store: impl AsContextMut, instance: &Instance, guest: &Guest) -> Option<Self> {
        let mut global = |name: &str| instance.get_global(&mut store, name);
        let counters = Counter::ALL.into_iter().map(|counter| global(&counter.export())).collect::<Option<_>>()?;
        let message = [global(MESSAGE_START)?, global(MESSAGE_LEN)?];
        let answer = [global(ANSWER_START)?, global(ANSWER_LEN)?];
        let grown_pages = instance.get_memory(&mut store, GROWN_PAGES)?;
        Some(Self { counters, message, answer, grown_pages, layout: guest.layout })
    }

    /// Says where the guest's messages lie.
    ///
    /// # Errors
    /// Where the guest's globals are not those of the meter.
    pub fn messages_lie_in(
        &self,
        store: impl AsContextMut,
        guest: &GuestName,
        region: Region,
    ) -> Result<(), GuestError> {
        set(store, &self.message, guest, region)
    }

    /// Says where the guest's answers lie: those that it finds, or those that it makes.
    ///
    /// # Errors
    /// Where the guest's globals are not those of the meter.
    pub fn answers_lie_in(
        &self,
        store: impl AsContextMut,
        guest: &GuestName,
        region: Region,
    ) -> Result<(), GuestError> {
        set(store, &self.answer, guest, region)
    }

    /// The counters as they stand.
    pub fn read(&self, mut store: impl AsContextMut) -> Counts {
        let mut counts = [0; Counter::ALL.len()];
        for (value, global) in counts.iter_mut().zip(&self.counters) {
            *value = global.get(&mut store).i64().unwrap_or_default().cast_unsigned();
        }
        Counts(counts)
    }

    /// Which parts the guest's memory has.
    pub fn parts(&self, mut store: impl AsContextMut) -> Parts {
        let mut bounds = |globals: &[Global; 2]| {
            globals.map(|global| global.get(&mut store).i64().unwrap_or_default().cast_unsigned()).into()
        };
        Parts {
            message: bounds(&self.message),
            answer: bounds(&self.answer),
            layout: self.layout,
            grown_pages: self.grown_pages.data(store.as_context()).to_vec(),
        }
    }
}

/// Sets start and length of a region.
fn set(
    mut store: impl AsContextMut,
    globals: &[Global; 2],
    guest: &GuestName,
    region: Region,
) -> Result<(), GuestError> {
    let failed = |error: wasmtime::Error| GuestError::Instantiate { guest: guest.clone(), reason: error.to_string() };
    for (global, value) in globals.iter().zip([region.start, region.capacity]) {
        global.set(&mut store, Val::I64(value.into())).map_err(failed)?;
    }
    Ok(())
}
