//! The producer's half: messages from a seed, the outbox, and the loop that encodes and sends.

use core::cell::{Cell, UnsafeCell};

use weft_schemas::digest::MASK;
use weft_schemas::{Message, Status};

use crate::Region;
use crate::global::Global;

/// How a codec writes one kind of message. The value keeps what the codec reuses between messages.
pub trait Encode: Sized {
    /// The message's type.
    type Message: Message;

    /// Whether [`Self::encode`] panics, and does not return [`Status::Capacity`], where a message is larger than the outbox. A replier then
    /// asks [`Self::capacity`] before it encodes an answer.
    const PANICS: bool = false;

    /// An upper bound of what the outbox must hold for any one of `messages` (or for all of them,
    /// where the codec keeps them there), in bytes.
    fn capacity(messages: &[Self::Message]) -> usize;

    /// Takes the outbox over, before the first message. A codec whose messages live in the outbox
    /// builds them here.
    ///
    /// # Errors
    /// A producer's [`Status`].
    fn start(outbox: &'static mut [u8], messages: &[Self::Message]) -> Result<Self, Status>;

    /// The same for answers, of which nothing is known before they are made but that they are no larger than the outbox.
    ///
    /// # Errors
    /// A [`Status`].
    fn start_answers(outbox: &'static mut [u8]) -> Result<Self, Status> {
        Self::start(outbox, &[])
    }

    /// Makes `message`, which is number `index` of those given to `start`, and returns where in the
    /// outbox it lies. It starts at a multiple of 8.
    ///
    /// # Errors
    /// A producer's [`Status`].
    fn encode(&mut self, index: usize, message: &Self::Message) -> Result<&[u8], Status>;
}

pub(crate) static OUTBOX: Global<Cell<Option<Region>>> = Global(Cell::new(None));
static PREPARED: Global<Cell<bool>> = Global(Cell::new(false));

pub(crate) struct Prepared<E: Encode> {
    pub(crate) messages: Vec<E::Message>,
    /// What the outbox must hold, in bytes.
    pub(crate) capacity: usize,
    pub(crate) encoder: Option<E>,
}

/// The producer of one kind of message: a `static` behind the exports of [`crate::codec!`].
pub struct Line<E: Encode> {
    name: &'static str,
    pub(crate) state: UnsafeCell<Option<Prepared<E>>>,
}

// SAFETY: as for `Global`.
unsafe impl<E: Encode> Sync for Line<E> {}

impl<E: Encode> Line<E> {
    /// A line with nothing prepared. `name` is the message's name in the exports.
    pub const fn new(name: &'static str) -> Self {
        Self { name, state: UnsafeCell::new(None) }
    }

    /// `prepare_<message>`: generates `messages` values of `size` from `seed`; returns the outbox's
    /// capacity in bytes, or a status. Once per instance.
    pub fn prepare(&self, size: u32, messages: u32, seed: u64) -> i64 {
        self.prepare_with(size, messages, seed, E::capacity)
    }

    /// The same with the capacity that `needed` finds, in bytes.
    #[inline(always)]
    pub(crate) fn prepare_with(
        &self,
        size: u32,
        messages: u32,
        seed: u64,
        needed: impl FnOnce(&[E::Message]) -> usize,
    ) -> i64 {
        assert_eq!(self.name, E::Message::NAME, "the codec exports a message under another's name");
        if !E::Message::SIZES.contains(&size) || messages == 0 || PREPARED.0.replace(true) {
            return Status::Argument.code();
        }
        let messages: Vec<_> = (0..messages).map(|index| E::Message::generate(seed, index, size)).collect();
        let capacity = needed(&messages);
        // SAFETY: one thread, and no reference into the state is alive outside these two functions,
        // which do not call each other.
        unsafe { *self.state.get() = Some(Prepared { messages, capacity, encoder: None }) };
        let capacity = capacity.saturating_add(Region::MARGIN);
        if capacity > i32::MAX as usize { Status::Capacity.code() } else { capacity as i64 }
    }

    /// `release_<message>` of native guests: drops the messages and the encoder.
    #[cfg(all(feature = "native", not(target_arch = "wasm32")))]
    pub fn release(&self) {
        // SAFETY: as in `prepare`.
        unsafe { *self.state.get() = None };
    }

    /// `produce_<message>`: encodes and sends `count` messages, beginning with number `first` and
    /// rotating through all of them; returns the sum of the digests modulo 2⁶³, or the first status.
    pub fn produce(&self, first: u32, count: u32) -> i64 {
        // SAFETY: as in `prepare`; `send` does not come back into this instance.
        let Some(prepared) = (unsafe { &mut *self.state.get() }) else { return Status::NotPrepared.code() };
        prepared.produce(first as usize, count).unwrap_or_else(Status::code)
    }
}

impl<E: Encode> Prepared<E> {
    fn produce(&mut self, first: usize, count: u32) -> Result<i64, Status> {
        if first >= self.messages.len() {
            return Err(Status::Argument);
        }
        let encoder = match self.encoder.take() {
            Some(encoder) => encoder,
            None => {
                let region = OUTBOX.0.take().ok_or(Status::NotPrepared)?;
                // SAFETY: the region was taken out of its cell, so this happens once.
                let outbox = unsafe { region.bytes() };
                if outbox.len() < self.capacity {
                    return Err(Status::Capacity);
                }
                E::start(outbox, &self.messages)?
            }
        };
        let (encoder, result) = send_all(encoder, &self.messages, first, count);
        self.encoder = Some(encoder);
        result
    }
}

/// The timed loop. It is a function of its own and takes the encoder by value, so that what it works on
/// are locals in few registers: what lies in memory would be loaded again after each `send`.
#[inline(never)]
fn send_all<E: Encode>(mut encoder: E, messages: &[E::Message], first: usize, count: u32) -> (E, Result<i64, Status>) {
    let mut sum = 0_u64;
    let (mut start, mut left) = (first, count as usize);
    while left > 0 {
        // To the rotation's end at most, so that the inner loop counts and does nothing else.
        let run = messages.len().saturating_sub(start).min(left);
        for (index, message) in (start..).zip(&messages[start..start + run]) {
            let result = match encoder.encode(index, message) {
                Ok(wire) => send(wire),
                Err(status) => status.code(),
            };
            if result < 0 {
                core::hint::cold_path();
                return (encoder, Ok(result));
            }
            sum = sum.wrapping_add(result as u64);
        }
        left -= run;
        start = 0;
    }
    (encoder, Ok((sum & MASK) as i64))
}

/// `outbox`: allocates the outbox; returns its address or a status. Once per instance.
pub fn outbox(capacity: usize) -> i64 {
    match Region::allocate(capacity) {
        Ok(region) => {
            OUTBOX.0.set(Some(region));
            region.address()
        }
        Err(status) => status.code(),
    }
}

#[cfg(target_arch = "wasm32")]
pub(crate) fn send(wire: &[u8]) -> i64 {
    #[link(wasm_import_module = "weft")]
    unsafe extern "C" {
        safe fn send(ptr: *const u8, len: usize) -> i64;
    }
    send(wire.as_ptr(), wire.len())
}

#[cfg(all(feature = "native", not(target_arch = "wasm32")))]
pub(crate) use crate::native::send;

/// Without that feature there is nobody to send to; codecs are compiled so only to be checked.
#[cfg(not(any(feature = "native", target_arch = "wasm32")))]
pub(crate) fn send(_wire: &[u8]) -> i64 {
    Status::NotPrepared.code()
}
