//! A message that is changed while it is read: wherever the engine looks at the epoch it calls back, and here the message becomes another.
//!
//! No clock and no other thread has a part in it: the same guests reach the same checks each time.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weft_link::Engine;

/// The size of a page of WebAssembly, in bytes. A message that is watched begins on one: it is the first of its outbox.
const PAGE: usize = 65536;

/// So many checks may a guest reach after the change.
const MOST: u32 = 1_000_000;

/// Watches a message, and changes it.
#[derive(Clone, Default)]
pub struct Meddler(Arc<Mutex<Watched>>);

/// A change of a message, at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The check at which it happens, counted from 1 on since the message was sent.
    pub moment: u32,
    /// What is there from then on in place of the message's first bytes.
    pub bytes: Vec<u8>,
}

/// What became of a message that was watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The checks that were reached while the message lay where it was sent.
    pub checks: u32,
    /// Whether it was changed.
    pub changed: bool,
    /// Whether its guest was ended because it worked on and on.
    pub endless: bool,
}

/// The message that is watched, and what has become of it so far.
#[derive(Default)]
struct Watched {
    message: Vec<u8>,
    change: Option<Change>,
    /// The memory and the address where it was found first. It may be seen in another memory as well.
    place: Option<(usize, usize)>,
    since: u32,
    watch: Watch,
}

impl Meddler {
    /// The engine, whose guests are called back from. Its setting must look at epochs.
    pub fn engine(&self, engine: &Engine) -> Engine {
        let watched = Arc::clone(&self.0);
        engine.looked_into(Arc::new(move |number, memory| lock(&watched).look(number, memory)))
    }

    /// Watches a message from now on, and changes it.
    pub fn begin(&self, message: &[u8], change: Option<Change>) {
        *lock(&self.0) = Watched { message: message.to_vec(), change, ..Watched::default() };
    }

    /// Watches it no longer; returns what became of it.
    pub fn end(&self) -> Watch {
        std::mem::take(&mut *lock(&self.0)).watch
    }
}

fn lock(watched: &Mutex<Watched>) -> MutexGuard<'_, Watched> {
    watched.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watched {
    /// Is shown a memory at a check.
    fn look(&mut self, number: usize, memory: &mut [u8]) -> ControlFlow<()> {
        if self.message.is_empty() {
            return ControlFlow::Continue(());
        }
        if self.watch.changed {
            self.since += 1;
            self.watch.endless = self.since > MOST;
            return if self.watch.endless { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        }
        let Some(at) = self.find(number, memory) else { return ControlFlow::Continue(()) };
        self.place = Some((number, at));
        self.watch.checks += 1;
        if let Some(Change { bytes, .. }) = self.change.take_if(|change| change.moment == self.watch.checks) {
            let there = memory.get_mut(at..).unwrap_or_default();
            there.iter_mut().zip(bytes).for_each(|(there, byte)| *there = byte);
            self.watch.changed = true;
        }
        ControlFlow::Continue(())
    }

    /// Where the message lies in a memory.
    fn find(&self, number: usize, memory: &[u8]) -> Option<usize> {
        let is_at = |at: &usize| memory.get(*at..).is_some_and(|bytes| bytes.starts_with(&self.message));
        match self.place {
            Some((first, at)) => Some(at).filter(|at| first == number && is_at(at)),
            None => (0..memory.len()).step_by(PAGE).find(is_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, ControlFlow, MOST, Meddler, PAGE, Watch, lock};

    fn look(meddler: &Meddler, number: usize, memory: &mut [u8]) -> bool {
        lock(&meddler.0).look(number, memory) == ControlFlow::Continue(())
    }

    #[test]
    fn a_message_is_changed_at_its_moment_and_not_before() {
        let (meddler, mut memory) = (Meddler::default(), vec![0; 3 * PAGE]);
        meddler.begin(b"message", Some(Change { moment: 2, bytes: b"MES".to_vec() }));
        assert!(look(&meddler, 1, &mut memory));
        memory[PAGE..PAGE + 7].copy_from_slice(b"message");
        assert!(look(&meddler, 1, &mut memory) && memory[PAGE..].starts_with(b"message"));
        // The same pages in another memory are no further check.
        assert!(look(&meddler, 2, &mut memory) && memory[PAGE..].starts_with(b"message"));
        assert!(look(&meddler, 1, &mut memory) && memory[PAGE..].starts_with(b"MESsage"));
        assert_eq!(meddler.end(), Watch { checks: 2, changed: true, endless: false });
        memory[PAGE..PAGE + 7].copy_from_slice(b"message");
        assert!(look(&meddler, 1, &mut memory));
        assert_eq!(meddler.end(), Watch::default());
    }

    #[test]
    fn who_works_on_and_on_after_a_change_is_ended() {
        let (meddler, mut memory) = (Meddler::default(), b"message".to_vec());
        meddler.begin(b"message", Some(Change { moment: 1, bytes: vec![0xFF; 7] }));
        assert!((0..=MOST).all(|_| look(&meddler, 0, &mut memory)));
        assert!(!look(&meddler, 0, &mut memory));
        assert!(meddler.end().endless);
    }
}
