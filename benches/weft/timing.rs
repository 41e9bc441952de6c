//! One figure through criterion: its samples rotate over the pairs of a subject.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

use criterion::{BenchmarkGroup, SamplingMode, measurement::WallTime};
use weft::measure::{PAIRS, Samples, Subject};

/// How long a figure is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    samples: usize,
    warm_up: Duration,
    measurement: Duration,
}

impl Effort {
    /// For a figure whose iterations take milliseconds, or less.
    pub const fn of(slow: bool) -> Self {
        if slow { Self::SLOW } else { Self::NORMAL }
    }

    /// For figures of nanoseconds to microseconds: four samples of each pair.
    const NORMAL: Self =
        Self { samples: 4 * PAIRS, warm_up: Duration::from_millis(60), measurement: Duration::from_millis(100) };
    /// For figures of milliseconds: two samples of each pair.
    const SLOW: Self =
        Self { samples: 2 * PAIRS, warm_up: Duration::from_millis(1), measurement: Duration::from_millis(1000) };
}

/// One batch that criterion asked for.
struct Batch {
    pair: usize,
    iterations: u64,
    elapsed: Duration,
}

/// The payload of the panic that leaves criterion when a subject has failed: criterion has no other way
/// out of a measurement. It never reaches the panic hook.
struct Failed;

/// Measures a figure; `tick` is called before each batch. None where criterion did not measure, because
/// it lists or tests.
///
/// # Errors
/// Where the subject fails.
pub fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    effort: Effort,
    subject: &mut dyn Subject,
    tick: &dyn Fn(),
) -> anyhow::Result<Option<Samples>> {
    group.sampling_mode(SamplingMode::Flat).nresamples(2000);
    group.sample_size(effort.samples).warm_up_time(effort.warm_up).measurement_time(effort.measurement);
    let batches = RefCell::new(Vec::new());
    let failure = RefCell::new(None);
    let subject = RefCell::new(subject);
    let run = || {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|iterations| {
                tick();
                let pair = batches.borrow().len() % PAIRS;
                let mut subject = subject.borrow_mut();
                match subject.time(pair, iterations) {
                    Ok(elapsed) => {
                        // Criterion rejects a sample of zero.
                        let elapsed = elapsed.max(Duration::from_nanos(1));
                        batches.borrow_mut().push(Batch { pair, iterations, elapsed });
                        elapsed
                    }
                    Err(error) => {
                        *failure.borrow_mut() = Some(error);
                        resume_unwind(Box::new(Failed))
                    }
                }
            });
        });
    };
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(()) => Ok(samples(&batches.into_inner())),
        Err(panic) => match failure.into_inner() {
            Some(error) if panic.is::<Failed>() => Err(error),
            _ => resume_unwind(panic),
        },
    }
}

/// The samples among the batches. Sampling is flat: all samples have the same number of iterations, and
/// come after the warm-up, whose batches double from one. A warm-up batch of about the same size is as good.
fn samples(batches: &[Batch]) -> Option<Samples> {
    let last = batches.last()?;
    let mut samples = Samples::default();
    for batch in batches.iter().rev().take_while(|batch| batch.iterations * 2 >= last.iterations) {
        samples.push(batch.pair, batch.elapsed.as_nanos() as f64 / batch.iterations.max(1) as f64);
    }
    Some(samples)
}
