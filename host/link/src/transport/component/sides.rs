//! The two halves of a composition, as the host calls them.

use wasmtime::component::Instance;
use wasmtime::{AsContextMut, Module};
use weft_schemas::Status;

use super::Within;
use super::exports::Lifted;
use super::text::is_metered;
use crate::engine::Store;
use crate::guest::{GuestError, GuestName, Region, bounded, failed, happened_in, laid_out};
use crate::meter::{Counter, Counts, Layout, Parts};
use crate::pair::PairSpec;

/// What both halves have.
pub struct Side {
    pages: Lifted<(), u32>,
    look: Lifted<(), u32>,
    /// Its counters, where it is metered.
    pub meter: Option<Meter>,
    layout: Layout,
}

impl Side {
    fn find(
        mut store: impl AsContextMut,
        instance: &Instance,
        side: &str,
        guest: &GuestName,
        (layout, module): (Layout, &Module),
    ) -> Result<Self, GuestError> {
        let named = |name: &str| format!("{side}-{name}");
        Ok(Self {
            pages: Lifted::find(&mut store, instance, &named("pages"), (guest, "pages"))?,
            look: Lifted::find(&mut store, instance, &named("look"), (guest, "look"))?,
            meter: is_metered(module).then(|| Meter::find(&mut store, instance, side, guest)).transpose()?,
            layout,
        })
    }

    /// The region of this capacity that a guest has given, where it is one.
    fn region(
        &self,
        store: &mut Store<Within>,
        allocate: &Lifted<(u32,)>,
        capacity: u32,
    ) -> Result<Region, GuestError> {
        let capacity = Region::rounded(capacity);
        let address = allocate.value(&mut *store, (capacity,))?;
        let memory = u64::from(self.pages.call(store, ())?) << 16;
        Region::checked(address, capacity, memory).ok_or_else(|| GuestError::Region {
            guest: allocate.guest.clone(),
            export: allocate.export.clone(),
            address: address as i64,
            capacity,
            memory,
        })
    }

    /// A copy of its memory; empty where it cannot show it.
    pub fn memory(&self, store: &mut Store<Within>) -> Vec<u8> {
        shown(&self.look, store)
    }

    /// Which parts its memory has; none where it is not metered.
    pub fn parts(&self, store: &mut Store<Within>) -> Option<Parts> {
        let meter = self.meter.as_ref()?;
        let grown_pages = shown(&meter.grown, store);
        Some(Parts::new([meter.message, meter.answer], self.layout, grown_pages))
    }
}

/// What a shim shows of a memory.
fn shown(show: &Lifted<(), u32>, store: &mut Store<Within>) -> Vec<u8> {
    match show.bare(&mut *store, ()) {
        Ok(_) => std::mem::take(&mut store.data_mut().data.shown),
        Err(_) => Vec::new(),
    }
}

/// The counters of a metered guest, behind a shim.
pub struct Meter {
    counter: Lifted<(u32,), u64>,
    place: Lifted<(u64, u64), u32>,
    place_answers: Lifted<(u64, u64), u32>,
    grown: Lifted<(), u32>,
    message: Region,
    answer: Region,
}

impl Meter {
    fn find(
        mut store: impl AsContextMut,
        instance: &Instance,
        side: &str,
        guest: &GuestName,
    ) -> Result<Self, GuestError> {
        let nothing = Region { start: 0, capacity: 0 };
        Ok(Self {
            place_answers: Lifted::find(&mut store, instance, &format!("{side}-place-answers"), (guest, "place"))?,
            counter: Lifted::find(&mut store, instance, &format!("{side}-counter"), (guest, "counter"))?,
            place: Lifted::find(&mut store, instance, &format!("{side}-place"), (guest, "place"))?,
            grown: Lifted::find(&mut store, instance, &format!("{side}-grown"), (guest, "grown"))?,
            message: nothing,
            answer: nothing,
        })
    }

    /// Says where the guest's messages lie.
    fn messages_lie_in(&mut self, store: impl AsContextMut, region: Region) -> Result<(), GuestError> {
        self.message = region;
        self.place.call(store, (region.start.into(), region.capacity.into())).map(|_| ())
    }

    /// Says where the guest's answers lie.
    fn answers_lie_in(&mut self, store: impl AsContextMut, region: Region) -> Result<(), GuestError> {
        self.answer = region;
        self.place_answers.call(store, (region.start.into(), region.capacity.into())).map(|_| ())
    }

    /// The counters as they stand.
    pub fn read(&self, mut store: impl AsContextMut) -> Counts {
        Counts::read(|counter: Counter| self.counter.bare(&mut store, (counter as u32,)).unwrap_or_default())
    }
}

/// What a consumer has that answers.
struct Answers {
    outbox: Lifted<(u32,)>,
    settle: Lifted<(u32, u32), u32>,
    count: Lifted<(), u64>,
}

impl Answers {
    fn find(mut store: impl AsContextMut, instance: &Instance, name: &GuestName) -> Result<Self, GuestError> {
        Ok(Self {
            outbox: Lifted::find(&mut store, instance, "answer-outbox", (name, "outbox"))?,
            settle: Lifted::find(&mut store, instance, "settle-answers", (name, "settle"))?,
            count: Lifted::find(store, instance, "answers", (name, "answers"))?,
        })
    }
}

/// The far half: the consumer.
pub struct Far {
    pub side: Side,
    inbox: Lifted<(u32,)>,
    rejected: Option<Lifted<()>>,
    copied: Lifted<(), u64>,
    /// Where it answers.
    answers: Option<Answers>,
    guest: GuestName,
    receive: String,
}

impl Far {
    /// Finds it.
    ///
    /// # Errors
    /// Where the composition lacks something.
    pub fn find(mut store: impl AsContextMut, instance: &Instance, spec: &PairSpec<'_>) -> Result<Self, GuestError> {
        let (guest, module) = &spec.guests.consumer;
        let name = &guest.name;
        let rejected = guest.has("rejected");
        let rejected = rejected.then(|| Lifted::find(&mut store, instance, "rejected", (name, "rejected")));
        let answers = spec.replies().then(|| Answers::find(&mut store, instance, name));
        Ok(Self {
            answers: answers.transpose()?,
            inbox: Lifted::find(&mut store, instance, "inbox", (name, "inbox"))?,
            rejected: rejected.transpose()?,
            copied: Lifted::find(&mut store, instance, "copied", (name, "copied"))?,
            side: Side::find(store, instance, "far", name, (guest.layout, module))?,
            guest: name.clone(),
            receive: spec.receive(),
        })
    }

    /// Lets it allocate its inbox, with room for the outbox's `capacity`.
    ///
    /// # Errors
    /// Where it returns a status, traps, or gives a region that is none.
    pub fn inbox(&mut self, store: &mut Store<Within>, capacity: u32) -> Result<(), GuestError> {
        let inbox = self.side.region(store, &self.inbox, capacity.saturating_add(Region::INSET))?;
        match &mut self.side.meter {
            Some(meter) => meter.messages_lie_in(store, inbox),
            None => Ok(()),
        }
    }

    /// Lets it allocate the outbox for its answers; none where it does not answer.
    ///
    /// # Errors
    /// As [`Self::inbox`].
    pub fn outbox(&mut self, store: &mut Store<Within>, capacity: u32) -> Result<Option<Region>, GuestError> {
        let Some(Answers { outbox, settle, .. }) = &self.answers else { return Ok(None) };
        let outbox = self.side.region(store, outbox, capacity)?;
        settle.call(&mut *store, (outbox.start, outbox.capacity))?;
        if let Some(meter) = &mut self.side.meter {
            meter.answers_lie_in(store, outbox)?;
        }
        Ok(Some(outbox))
    }

    /// How many messages it has answered.
    pub fn answered(&self, store: &mut Store<Within>) -> u64 {
        self.answers.as_ref().map_or(0, |answers| answers.count.bare(store, ()).unwrap_or_default())
    }

    /// The bytes that were put into its memory.
    pub fn copied_bytes(&self, store: &mut Store<Within>) -> u64 {
        self.copied.bare(store, ()).unwrap_or_default()
    }

    /// The error that a status of its `receive` is, with where the refused message lay.
    #[cold]
    pub fn status(&self, store: &mut Store<Within>, status: i64) -> GuestError {
        let rejected = self.rejected.as_ref().filter(|_| Status::is_about_place(status));
        let refused = rejected.and_then(|rejected| rejected.bare(store, ()).ok());
        let refused = refused.map(|packed| ((packed as u64 >> 32) as u32, packed as u32));
        GuestError::Status { guest: self.guest.clone(), export: self.receive.clone(), status, refused }
    }
}

/// How the producer comes by its values.
enum Prepare {
    Generates(Lifted<(u32, u32, u64)>),
    IsSupplied { values: Lifted<(u32,)>, supply: Lifted<(u32, u32, Vec<u8>)> },
}

/// What a producer has that finds answers.
struct Found {
    inbox: Lifted<(u32,)>,
    /// Says where that is to the shim.
    settle: Lifted<(u32, u32), u32>,
    copied: Lifted<(), u64>,
}

impl Found {
    fn find(mut store: impl AsContextMut, instance: &Instance, name: &GuestName) -> Result<Self, GuestError> {
        Ok(Self {
            inbox: Lifted::find(&mut store, instance, "answer-inbox", (name, "inbox"))?,
            settle: Lifted::find(&mut store, instance, "settle-answer-inbox", (name, "settle"))?,
            copied: Lifted::find(store, instance, "answers-copied", (name, "copied"))?,
        })
    }
}

/// The near half: the producer.
pub struct Near {
    pub side: Side,
    prepare: Prepare,
    outbox: Lifted<(u32,)>,
    settle: Lifted<(u32, u32), u32>,
    produce: Lifted<(u32, u32)>,
    messages: Lifted<(), u64>,
    /// Where it finds answers.
    answers: Option<Found>,
    far: (GuestName, Module, String),
    /// Its module, where records go both ways: a trap in neither guest may then be about those of either.
    exchanges: Option<Module>,
    #[cfg(feature = "async")]
    fibers: bool,
}

impl Near {
    /// Finds it.
    ///
    /// # Errors
    /// Where the composition lacks something.
    pub fn find(mut store: impl AsContextMut, instance: &Instance, spec: &PairSpec<'_>) -> Result<Self, GuestError> {
        let (guest, module) = &spec.guests.producer;
        let (name, export) = (&guest.name, guest.prepares(spec.message));
        let prepare = if export.starts_with("prepare_") {
            Prepare::Generates(Lifted::find(&mut store, instance, "prepare", (name, &export))?)
        } else {
            let values = Lifted::find(&mut store, instance, "values", (name, "values"))?;
            Prepare::IsSupplied { values, supply: Lifted::find(&mut store, instance, "supply", (name, &export))? }
        };
        let (far, far_module) = &spec.guests.consumer;
        let produce = spec.send();
        let answers = spec.replies().then(|| Found::find(&mut store, instance, name));
        Ok(Self {
            answers: answers.transpose()?,
            prepare,
            outbox: Lifted::find(&mut store, instance, "outbox", (name, "outbox"))?,
            settle: Lifted::find(&mut store, instance, "settle", (name, "settle"))?,
            produce: Lifted::find(&mut store, instance, "produce", (name, &produce))?,
            messages: Lifted::find(&mut store, instance, "messages", (name, "messages"))?,
            side: Side::find(store, instance, "near", name, (guest.layout, module))?,
            far: (far.name.clone(), far_module.clone(), spec.receive()),
            exchanges: (spec.replies() && guest.is_typed()).then(|| module.clone()),
            #[cfg(feature = "async")]
            fibers: spec.engine.setting().fibers,
        })
    }

    /// Lets it have its messages and allocate its outbox.
    ///
    /// # Errors
    /// Where it returns a status, traps, or gives a region that is none.
    pub fn prepare(&mut self, store: &mut Store<Within>, spec: &PairSpec<'_>) -> Result<Region, GuestError> {
        let (size, rotation) = (spec.size, spec.rotation);
        let capacity = match &self.prepare {
            Prepare::Generates(prepare) => {
                let capacity = prepare.value(&mut *store, (size, rotation, spec.seed))?;
                bounded(&prepare.guest, &prepare.export, capacity)?
            }
            Prepare::IsSupplied { values, supply } => {
                let laid_out = laid_out(&supply.guest, spec)?;
                self.side.region(store, values, laid_out.len() as u32)?;
                let capacity = supply.value(&mut *store, (size, rotation, laid_out))?;
                bounded(&supply.guest, &supply.export, capacity)?
            }
        };
        let outbox = self.side.region(store, &self.outbox, capacity)?;
        self.settle.call(&mut *store, (outbox.start, outbox.capacity))?;
        if let Some(meter) = &mut self.side.meter {
            meter.messages_lie_in(store, outbox)?;
        }
        Ok(outbox)
    }

    /// Lets it allocate its inbox, where it finds answers, with room for the replier's outbox.
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub fn inbox(&mut self, store: &mut Store<Within>, capacity: u32) -> Result<(), GuestError> {
        let Some(Found { inbox, settle, .. }) = &self.answers else { return Ok(()) };
        let inbox = self.side.region(store, inbox, capacity.saturating_add(Region::INSET))?;
        settle.call(&mut *store, (inbox.start, inbox.capacity - Region::INSET))?;
        match &mut self.side.meter {
            Some(meter) => meter.answers_lie_in(store, inbox),
            None => Ok(()),
        }
    }

    /// Lets it send `count` messages from number `first` on; a status is an error, which `consumer` makes where it is one of the
    /// consumer's.
    ///
    /// # Errors
    /// Where either guest fails.
    pub fn produce(
        &self,
        store: &mut Store<Within>,
        range: (u32, u32),
        consumer: impl FnOnce(&mut Store<Within>, i64) -> GuestError,
    ) -> Result<u64, GuestError> {
        let result = self.call(&mut *store, range).map_err(|error| self.failed(error))?;
        u64::try_from(result).map_err(|_| match Status::is_of_consumer(result) {
            true => consumer(store, result),
            false => self.produce.status(result, None),
        })
    }

    #[cfg(not(feature = "async"))]
    fn call(&self, store: &mut Store<Within>, range: (u32, u32)) -> wasmtime::Result<i64> {
        self.produce.bare(store, range)
    }

    /// Calls `produce` on a fiber, where the setting has them.
    #[cfg(feature = "async")]
    fn call(&self, store: &mut Store<Within>, range: (u32, u32)) -> wasmtime::Result<i64> {
        if self.fibers { self.produce.on_fiber(store, range) } else { self.produce.bare(store, range) }
    }

    /// The error that ended a call of `produce`; it may be the consumer's trap, or the adapter's between both.
    #[cold]
    fn failed(&self, error: wasmtime::Error) -> GuestError {
        let (guest, module, receive) = &self.far;
        if happened_in(&error, module) {
            return failed(error, guest, receive);
        }
        let is_between = self.exchanges.as_ref().is_some_and(|module| !happened_in(&error, module));
        match self.produce.failed(error) {
            GuestError::Trap { guest: near, trace, .. } if is_between => {
                GuestError::Records { near, far: guest.clone(), trace }
            }
            error => error,
        }
    }

    /// The bytes of answers that were put into its memory.
    pub fn copied_bytes(&self, store: &mut Store<Within>) -> u64 {
        self.answers.as_ref().map_or(0, |answers| answers.copied.bare(store, ()).unwrap_or_default())
    }

    /// How many messages it has sent.
    pub fn messages(&self, store: &mut Store<Within>) -> u64 {
        self.messages.bare(store, ()).unwrap_or_default()
    }
}
