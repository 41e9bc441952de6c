//! Answers: where one lies, the regions that it comes by, and the check that it lies in its replier's outbox.

use super::{Consumer, GuestError, Region};

/// A message as the place that stands for it in a result: its length in the upper 32 bits, its address in the lower ones. Of no region it
/// is negative, because none is longer than 2³⁰ bytes.
#[inline(always)]
pub const fn packed(ptr: u32, len: u32) -> i64 {
    ((len as u64) << 32 | ptr as u64).cast_signed()
}

/// An answer that was checked to lie in its replier's outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its address in the replier's memory.
    pub ptr: u32,
    /// Its distance from that outbox's start.
    pub offset: u32,
    /// Its length in bytes.
    pub len: u32,
}

impl Answer {
    /// The answer's bytes in the replier's memory.
    #[inline(always)]
    pub fn of(self, memory: &[u8]) -> &[u8] {
        // The outbox was checked against the memory, which never shrinks, and this range against it.
        &memory[self.ptr as usize..][..self.len as usize]
    }
}

/// The regions of a pair by which answers come back; nowhere where there are none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    /// The replier's outbox.
    pub outbox: Region,
    /// The requester's inbox.
    pub inbox: Region,
}

impl Way {
    /// Before the guests have allocated anything.
    pub const NOWHERE: Self = Self { outbox: Region::NOWHERE, inbox: Region::NOWHERE };

    /// Where an answer lies that came back; none where it is a status.
    ///
    /// # Errors
    /// Where it does not lie in the replier's outbox, or is misaligned.
    #[inline(always)]
    pub fn answer(&self, came: i64, replier: &Consumer) -> Result<Option<Answer>, GuestError> {
        if came < 0 {
            return Ok(None);
        }
        let (ptr, len) = (came as u32, (came >> 32) as u32);
        if !self.outbox.contains(ptr, len) {
            return Err(self.outbox.bad_answer(replier.guest(), ptr, len));
        }
        Ok(Some(Answer { ptr, offset: ptr - self.outbox.start, len }))
    }

    /// The place in the requester's memory for an answer that is copied.
    #[inline(always)]
    pub fn placed<'a>(&self, memory: &'a mut [u8], answer: Answer) -> &'a mut [u8] {
        // The inbox was checked against a memory that never shrinks, and is larger than the replier's outbox.
        &mut memory[self.place() as usize..][..answer.len as usize]
    }

    /// The address at which an answer is put that is copied.
    #[inline(always)]
    pub const fn place(&self) -> u32 {
        self.inbox.start + Region::INSET
    }
}
