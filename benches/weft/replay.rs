//! Criterion shows what was measured: it is handed the readings of each row, and times nothing itself.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BenchmarkGroup, Criterion, SamplingMode};
use weft::cell::Figure;
use weft::interrupt;
use weft::run::Mode;

/// Criterion refuses fewer samples.
const FEWEST_SAMPLES: usize = 10;

/// Times that were measured before.
struct Measured(WallTime);

impl Measurement for Measured {
    type Intermediate = ();
    type Value = f64;

    fn start(&self) {}

    fn end(&self, (): ()) -> f64 {
        0.0
    }

    fn add(&self, a: &f64, b: &f64) -> f64 {
        a + b
    }

    fn zero(&self) -> f64 {
        0.0
    }

    fn to_f64(&self, value: &f64) -> f64 {
        *value
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self.0.formatter()
    }
}

fn criterion() -> Criterion<Measured> {
    let criterion = Criterion::default().with_measurement(Measured(WallTime)).configure_from_args().without_plots();
    // It compares with what it has kept under a name, and keeps nothing under this one. Its test takes readings of other
    // minutes for samples, and would call the same binary faster or slower.
    criterion.retain_baseline("none".to_owned(), false)
}

/// Lets criterion end the program, with code 2, where it does not know an argument: before anything is measured.
pub fn check_arguments() {
    drop(criterion());
}

/// Lets nothing be said of panics that are caught because nobody reads what criterion prints.
pub fn end_quietly_unheard() {
    let told = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        if !is_unheard(panicked.payload()) {
            told(panicked);
        }
    }));
}

/// Shows the readings of all rows, in nanoseconds; in a test, that each went well. It ends early where nobody reads it, or
/// this command is asked to end.
pub fn show(rows: &[(Figure, Vec<f64>)], mode: Mode) {
    let mut criterion = criterion();
    for (figure, readings) in rows {
        let (group, name) = group_of(figure);
        let heard = grouped(&mut criterion, group, |shown| show_one(shown, &name, readings, mode));
        if !heard || interrupt::asked().is_some() {
            return;
        }
    }
    criterion.final_summary();
}

/// Lets criterion print a group; returns whether anybody reads that. Criterion panics where nobody does.
fn grouped(
    criterion: &mut Criterion<Measured>,
    name: String,
    print: impl FnOnce(&mut BenchmarkGroup<'_, Measured>),
) -> bool {
    let mut group = criterion.benchmark_group(name);
    let printed = match panic::catch_unwind(AssertUnwindSafe(|| print(&mut group))) {
        Ok(()) => panic::catch_unwind(AssertUnwindSafe(|| group.finish())),
        Err(cause) => {
            // It would print once more where it is dropped.
            std::mem::forget(group);
            Err(cause)
        }
    };
    match printed {
        Ok(()) => true,
        Err(cause) if is_unheard(&*cause) => false,
        Err(cause) => panic::resume_unwind(cause),
    }
}

/// Whether a panic is that of a macro that could not print.
fn is_unheard(cause: &(dyn Any + Send)) -> bool {
    cause.downcast_ref::<String>().is_some_and(|text| text.starts_with("failed printing to "))
}

/// The group of a row and its name there.
fn group_of(figure: &Figure) -> (String, String) {
    let name = figure.to_string();
    let (group, rest) = name.split_once('/').unwrap_or(("", &name));
    (group.to_owned(), rest.to_owned())
}

fn show_one(group: &mut BenchmarkGroup<'_, Measured>, name: &str, readings: &[f64], mode: Mode) {
    if readings.is_empty() || mode == Mode::Measure && readings.len() < 2 {
        return;
    }
    // Flat samples of one iteration each: one for each reading, some twice where there are too few.
    let samples = readings.len().max(FEWEST_SAMPLES);
    let enough = readings.iter().sum::<f64>() / readings.len() as f64 * samples as f64;
    group.sampling_mode(SamplingMode::Flat).nresamples(1001).sample_size(samples).noise_threshold(0.05);
    group.warm_up_time(Duration::from_nanos(1)).measurement_time(Duration::from_secs_f64(20.0 * enough * 1e-9));
    let mut rotation = readings.iter().cycle();
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|iterations| rotation.next().copied().unwrap_or_default() * iterations as f64);
    });
}

/// Lets criterion print the names that it selects.
pub fn list(names: &[Figure]) {
    let mut criterion = criterion();
    for figure in names {
        let (group, name) = group_of(figure);
        let heard = grouped(&mut criterion, group, |listed| {
            listed.bench_function(name, |_| {});
        });
        if !heard {
            return;
        }
    }
}
