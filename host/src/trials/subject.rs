//! Consumers on an engine that counts what they execute, each with a place for its messages.

use weft_link::PairSpec;
use weft_link::guest::{GuestError, Isolated, Region};

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
    /// The memory's size in pages when the last one is this trial's own.
    own: u64,
    /// The pages that the consumer has taken since it got its inbox.
    pub taken: u64,
}

impl Subject {
    /// Instantiates the consumer, with an inbox for messages that an outbox of `capacity` bytes holds.
    ///
    /// # Errors
    /// Where it does not keep to the ABI.
    pub fn new(spec: &PairSpec<'_>, capacity: u32, place: Place) -> Result<Self, GuestError> {
        let mut isolated = Isolated::new(spec)?;
        isolated.allocate(capacity)?;
        let mut subject = Self { isolated, place, longest: 0, own: 0, taken: 0 };
        if let Place::Among(byte) = place {
            subject.inbox().fill(byte);
        }
        Ok(subject)
    }

    fn inbox(&mut self) -> &mut [u8] {
        let Region { start, capacity } = self.isolated.inbox;
        let Isolated { store, consumer, .. } = &mut self.isolated;
        &mut consumer.memory.data_mut(store)[start as usize..][..capacity as usize]
    }

    /// Puts the message in its place; returns its address.
    fn put(&mut self, bytes: &[u8]) -> Result<u32, String> {
        if let Place::Among(byte) = self.place {
            // Also where a longer message was.
            self.longest = bytes.len().max(self.longest);
            self.isolated.place(self.longest as u32).fill(byte);
            self.isolated.place(bytes.len() as u32).copy_from_slice(bytes);
            return Ok(self.isolated.inbox.start + Region::INSET);
        }
        let Self { isolated: Isolated { store, consumer, .. }, own, .. } = self;
        if consumer.memory.size(&*store) != *own {
            *own = consumer.memory.grow(&mut *store, 1).map_err(|error| error.to_string())? + 1;
        }
        let data = consumer.memory.data_mut(store);
        let start = (data.len() - bytes.len()) & !7;
        data[start..][..bytes.len()].copy_from_slice(bytes);
        Ok(start as u32)
    }

    /// What the consumer answers, and the fuel that it took.
    ///
    /// # Errors
    /// How it failed.
    pub fn receive(&mut self, bytes: &[u8], fuel: u64) -> Result<(i64, u64), String> {
        let ptr = self.put(bytes)?;
        let Isolated { store, consumer, .. } = &mut self.isolated;
        let before = consumer.memory.size(&*store);
        store.set_fuel(fuel).map_err(|error| error.to_string())?;
        let answer = consumer.receive(&mut *store, ptr, bytes.len() as u32).map_err(|error| error.to_string())?;
        let left = store.get_fuel().map_err(|error| error.to_string())?;
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
