//! A FlatBuffers builder whose buffer is the outbox.

use core::ops::{Deref, DerefMut};

use flatbuffers::{Allocator, FlatBufferBuilder, Push, PushAlignment, WIPOffset};

/// What every message may need beside its own parts, in bytes: the root table and its vtable, the
/// offset to the root, padding, and a vtable that the builder writes only to find that it has it.
pub const OVERHEAD: usize = 64;

/// The memory of a [`Builder`]: zeroed at first, and of one size for ever.
pub struct Outbox(&'static mut [u8]);

impl Deref for Outbox {
    type Target = [u8];

    #[inline(always)]
    fn deref(&self) -> &[u8] {
        self.0
    }
}

impl DerefMut for Outbox {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [u8] {
        self.0
    }
}

// SAFETY: both methods do what the trait says. Growing is not possible and says so, which the
// builder answers with a panic; `len` is the length of what `deref` returns, and never changes.
unsafe impl Allocator for Outbox {
    type Error = &'static str;

    fn grow_downwards(&mut self) -> Result<(), Self::Error> {
        Err("the message is larger than `Encode::capacity` said")
    }

    #[inline(always)]
    fn len(&self) -> usize {
        self.0.len()
    }
}

/// Nothing, 8-aligned. To push it writes no byte, and makes the builder align the whole message.
#[derive(Clone, Copy)]
struct Aligned;

impl Push for Aligned {
    type Output = Self;

    unsafe fn push(&self, _dst: &mut [u8], _written_len: usize) {}

    #[inline(always)]
    fn size() -> usize {
        0
    }

    #[inline(always)]
    fn alignment() -> PushAlignment {
        PushAlignment::new(8)
    }
}

/// Writes one message after the other, each from the outbox's end towards its start.
pub struct Builder(FlatBufferBuilder<'static, Outbox>);

impl Builder {
    /// A builder in `outbox`, which ends at a multiple of 8 and is zeroed.
    pub fn new(outbox: &'static mut [u8]) -> Self {
        Self(FlatBufferBuilder::new_in(Outbox(outbox)))
    }

    /// Makes the message whose root `build` creates, in the place of the one before.
    ///
    /// The builder aligns a message as its most demanding part needs, counted from the outbox's
    /// end: to 4 bytes where a message has no 8-byte scalar. [`Aligned`] is such a part, so that
    /// every message starts at a multiple of 8, for 4 bytes of padding at most.
    #[inline(always)]
    pub fn message<T>(&mut self, build: impl FnOnce(&mut FlatBufferBuilder<'static, Outbox>) -> WIPOffset<T>) -> &[u8] {
        let Self(builder) = self;
        builder.reset();
        builder.push(Aligned);
        let root = build(builder);
        builder.finish_minimal(root);
        builder.finished_data()
    }
}
