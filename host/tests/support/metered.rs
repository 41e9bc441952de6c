//! Consumers on an engine that counts what they execute, so that a test can limit it without a clock.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::sync::LazyLock;

use weft::guests::Codec;
use weft_link::guest::{Isolated, Region, Validation};
use weft_link::{Engine, Limits, PairSpec, Setting};

/// An engine that counts what a guest executes: a limit without a clock.
pub static METERED: LazyLock<Engine> = LazyLock::new(|| {
    let setting = Setting::of_host("wasmtime+fuel").expect("a setting");
    Engine::new(setting, Limits::default()).expect("wasmtime supports this machine")
});

/// Whether a codec must bear malformed bytes.
pub fn must_bear(codec: &Codec) -> bool {
    codec.traits.validates != Some(Validation::None) || codec.is_floor()
}

/// Where a message is put: what lies around it must not matter.
#[derive(Clone, Copy)]
pub enum Place {
    /// In an inbox that is full of this byte.
    Among(u8),
    /// At the memory's end, as near as 8-aligned messages get.
    AtTheEnd,
}

/// A consumer, and where it finds its messages.
pub struct Subject {
    isolated: Isolated,
    place: Place,
    /// The length of the longest message so far, in bytes.
    longest: usize,
    /// The memory's size in pages when the last one is this test's own.
    own: u64,
    /// The pages that the consumer has taken since it got its inbox.
    pub taken: u64,
}

impl Subject {
    /// Instantiates the consumer, with an inbox for messages that an outbox of `capacity` bytes holds.
    pub fn new(spec: &PairSpec<'_>, capacity: u32, place: Place) -> Self {
        let mut isolated = Isolated::new(spec).expect("the consumer keeps to the ABI");
        isolated.allocate(capacity).expect("an inbox");
        let mut subject = Self { isolated, place, longest: 0, own: 0, taken: 0 };
        if let Place::Among(byte) = place {
            subject.inbox().fill(byte);
        }
        subject
    }

    fn inbox(&mut self) -> &mut [u8] {
        let Region { start, capacity } = self.isolated.inbox;
        let Isolated { store, consumer, .. } = &mut self.isolated;
        &mut consumer.memory.data_mut(store)[start as usize..][..capacity as usize]
    }

    /// Puts the message in its place; returns its address.
    fn put(&mut self, bytes: &[u8]) -> u32 {
        if let Place::Among(byte) = self.place {
            // Also where a longer message was.
            self.longest = bytes.len().max(self.longest);
            self.isolated.place(self.longest as u32).fill(byte);
            self.isolated.place(bytes.len() as u32).copy_from_slice(bytes);
            return self.isolated.inbox.start + Region::INSET;
        }
        let Self { isolated: Isolated { store, consumer, .. }, own, .. } = self;
        if consumer.memory.size(&*store) != *own {
            *own = consumer.memory.grow(&mut *store, 1).expect("a page") + 1;
        }
        let data = consumer.memory.data_mut(store);
        let start = (data.len() - bytes.len()) & !7;
        data[start..][..bytes.len()].copy_from_slice(bytes);
        start as u32
    }

    /// What the consumer answers, and the fuel that it took; or how it failed.
    pub fn receive(&mut self, bytes: &[u8], fuel: u64) -> Result<(i64, u64), String> {
        let ptr = self.put(bytes);
        let Isolated { store, consumer, .. } = &mut self.isolated;
        let before = consumer.memory.size(&*store);
        store.set_fuel(fuel).expect("a metered engine");
        let answer = consumer.receive(&mut *store, ptr, bytes.len() as u32).map_err(|error| error.to_string())?;
        let left = store.get_fuel().expect("a metered engine");
        self.taken += consumer.memory.size(&*store) - before;
        Ok((answer, fuel - left))
    }

    /// Whether anything beside the messages was written into the inbox.
    pub fn wrote(&mut self) -> bool {
        let Place::Among(byte) = self.place else { return false };
        self.isolated.place(self.longest as u32).fill(byte);
        self.inbox().iter().any(|found| *found != byte)
    }
}
