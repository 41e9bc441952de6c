//! Faults for tests: at the n-th step that changes the files of runs the system refuses, or the process ends.
//!
//! Outside tests no fault is armed, and a step is only counted.

use std::io;
use std::sync::{Mutex, PoisonError};

/// What happens at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It fails with this error number of the system, once.
    Fails(i32),
    /// It fails with this error number, and so do all that follow, but for those that remove something: as on a disk that is full.
    FailsFromHere(i32),
    /// The process ends before it.
    EndsBefore,
    /// The process ends after it.
    EndsAfter,
}

/// How many steps were made, and at which of them, from 0, what happens.
struct Armed {
    made: u64,
    fault: Option<(u64, Fault)>,
}

static ARMED: Mutex<Armed> = Mutex::new(Armed { made: 0, fault: None });

/// Lets a fault happen at a step of this process, counted from 0 and from now on.
pub fn arm(step: u64, fault: Fault) {
    *ARMED.lock().unwrap_or_else(PoisonError::into_inner) = Armed { made: 0, fault: Some((step, fault)) };
}

/// How many steps this process has made; since [`arm`], where that was called.
pub fn made() -> u64 {
    ARMED.lock().unwrap_or_else(PoisonError::into_inner).made
}

/// Makes a step, or lets happen what is armed for it.
pub(super) fn step<T>(make: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    happen(next(), make)
}

/// The same with a step that removes something, for which a disk that is full has room.
pub(super) fn removal(remove: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    happen(next().filter(|fault| !matches!(fault, Fault::FailsFromHere(_))), remove)
}

fn happen<T>(fault: Option<Fault>, make: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    match fault {
        None => make(),
        Some(Fault::Fails(number) | Fault::FailsFromHere(number)) => Err(io::Error::from_raw_os_error(number)),
        Some(Fault::EndsBefore) => std::process::abort(),
        Some(Fault::EndsAfter) => {
            let _ = make();
            std::process::abort()
        }
    }
}

/// Counts a step; what happens at it.
fn next() -> Option<Fault> {
    let mut armed = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
    let step = armed.made;
    armed.made += 1;
    let (at, fault) = armed.fault?;
    (step == at || step > at && matches!(fault, Fault::FailsFromHere(_))).then_some(fault)
}
