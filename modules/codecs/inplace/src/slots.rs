//! The messages of a rotation, side by side in the outbox.

use core::ops::Range;

use weft_guest::schemas::Status;

/// Messages that live in the outbox, each in a slot of its own.
pub struct Slots {
    outbox: &'static mut [u8],
    slots: Vec<Range<usize>>,
}

/// The room of a slot. The 64 bytes beyond the message's own size let the messages begin in different
/// sets of the cache.
const fn room(len: usize) -> usize {
    len.next_multiple_of(64) + 64
}

/// The capacity for messages of these sizes, in bytes.
pub fn capacity(sizes: impl Iterator<Item = usize>) -> usize {
    sizes.map(room).sum()
}

impl Slots {
    /// Builds each message in a slot of its size.
    pub fn build<M>(
        outbox: &'static mut [u8],
        messages: &[M],
        size: impl Fn(&M) -> usize,
        build: impl Fn(&M, &mut [u8]) -> Result<(), Status>,
    ) -> Result<Self, Status> {
        let mut slots = Vec::with_capacity(messages.len());
        let mut start = 0;
        for message in messages {
            let slot = start..start + size(message);
            build(message, outbox.get_mut(slot.clone()).ok_or(Status::Capacity)?)?;
            start += room(slot.len());
            slots.push(slot);
        }
        Ok(Self { outbox, slots })
    }

    /// Message `index`, to be changed and sent.
    #[inline(always)]
    pub fn get(&mut self, index: usize) -> Result<&mut [u8], Status> {
        let slot = self.slots.get(index).ok_or(Status::Argument)?;
        self.outbox.get_mut(slot.start..slot.end).ok_or(Status::Capacity)
    }
}

/// Stores a number at `at`.
#[inline(always)]
pub fn set<const N: usize>(bytes: &mut [u8], at: usize, number: [u8; N]) -> Result<(), Status> {
    bytes.get_mut(at..at + N).ok_or(Status::Capacity)?.copy_from_slice(&number);
    Ok(())
}

/// The `N` bytes at `at`.
#[inline(always)]
pub fn get<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], Status> {
    bytes.get(at..at + N).and_then(|part| part.try_into().ok()).ok_or(Status::Malformed)
}

/// The 32-bit number at `at`.
#[inline(always)]
pub fn number(bytes: &[u8], at: usize) -> Result<u32, Status> {
    Ok(u32::from_le_bytes(get(bytes, at)?))
}
