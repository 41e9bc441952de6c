//! Whether a host that says nothing works: by the time that it has had on processors.
//!
//! On a machine that is busy with something else a host gets a part of a processor only. What it may take is measured by what
//! it got, as long as it got anything that is worth mentioning; one that sleeps is not waited for any longer.

use std::fs;
use std::time::{Duration, Instant};

/// A host gets at least this part of a processor, as 1 of so many, where it works.
const SLOWEST: u32 = 20;

/// What a process does from now on.
pub struct Work {
    process: u32,
    begun: Instant,
    had: Option<Duration>,
}

impl Work {
    /// Of a process, from now on.
    pub fn of(process: u32) -> Self {
        Self { process, begun: Instant::now(), had: processor_time(process) }
    }

    /// Whether it works, and has not had so much time on processors yet.
    pub fn is_within(&self, patience: Duration) -> bool {
        let used = processor_time(self.process).zip(self.had).map(|(now, before)| now.saturating_sub(before));
        used.is_some_and(|used| is_within(used, self.begun.elapsed(), patience))
    }
}

/// Whether a process that had so much time on processors in a while works, and is to be waited for.
fn is_within(used: Duration, elapsed: Duration, patience: Duration) -> bool {
    used < patience && used * SLOWEST >= elapsed
}

/// How much time all threads of a process have had on processors. None where the system does not say.
fn processor_time(process: u32) -> Option<Duration> {
    let ticks = ticks(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)?;
    Some(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
}

/// The ticks in user and in kernel mode of a line of `/proc/<process>/stat` (proc_pid_stat(5), fields 14 and 15). The name in
/// parentheses may hold anything.
fn ticks(line: &str) -> Option<u64> {
    let (_, after) = line.rsplit_once(") ")?;
    let mut fields = after.split(' ').skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(ticks()? + ticks()?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{is_within, processor_time, ticks};

    #[test]
    fn a_host_that_gets_little_of_a_processor_is_waited_for_longer() {
        let seconds = Duration::from_secs;
        let within = |used: u64, elapsed: u64| is_within(Duration::from_millis(used), seconds(elapsed), seconds(5));
        // It had a quarter of one, and may have four times as long; it has had all that it may have; it sleeps.
        assert!(within(1250, 5) && within(4900, 19));
        assert!(!within(5000, 5) && !within(5001, 20));
        assert!(!within(0, 5) && !within(249, 5));
    }

    #[test]
    fn times_are_those_of_the_whole_process() {
        let line = "7 (a) b (c) R 1 7 7 0 -1 4194560 112 0 0 0 250 31 0 0 20 0 3 0 5 6 7";
        assert_eq!(ticks(line), Some(281));
        assert_eq!((ticks(""), ticks("7 (a) R 1 7")), (None, None));
        assert!(processor_time(std::process::id()).is_some() || !cfg!(target_os = "linux"));
        assert_eq!(processor_time(u32::MAX), None);
    }
}
