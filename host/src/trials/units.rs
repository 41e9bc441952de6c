//! Work for two threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::interrupt;

/// The stack of a thread that calls guests, as that of a process has it.
const STACK: usize = 8 << 20;

/// Hands each of `units` to `work`, on two threads; returns what it found, in the order of the units. None is begun any more when this
/// command is to end.
///
/// # Panics
/// Where `work` does.
pub fn in_parallel<U: Sync, F: Send>(units: &[U], work: impl Fn(&U) -> Vec<F> + Sync) -> Vec<F> {
    let next = AtomicUsize::new(0);
    let take = || {
        std::iter::from_fn(|| {
            let number = next.fetch_add(1, Ordering::Relaxed);
            // Nobody waits for what is left.
            let unit = units.get(number).filter(|_| interrupt::asked().is_none())?;
            Some((number, unit))
        })
    };
    let run = || take().map(|(number, unit)| (number, work(unit))).collect::<Vec<_>>();
    let mut found = thread::scope(|scope| {
        // Guests may go as deep as any limit lets them, twice.
        let spawn = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let threads = [(); 2].map(|()| spawn(()).unwrap_or_else(|error| panic!("no thread can be started: {error}")));
        let join = |thread: thread::ScopedJoinHandle<'_, _>| thread.join();
        let found = threads.map(|thread| join(thread).unwrap_or_else(|cause| std::panic::resume_unwind(cause)));
        found.into_iter().flatten().collect::<Vec<_>>()
    });
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().flat_map(|(_, found)| found).collect()
}
