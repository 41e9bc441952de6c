//! Criterion shows what was measured: it is handed the readings of each row, and times nothing itself.

use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BenchmarkGroup, Criterion, SamplingMode};
use weft::cell::Figure;
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
    Criterion::default().with_measurement(Measured(WallTime)).configure_from_args().without_plots()
}

/// Lets criterion end the program, with code 2, where it does not know an argument: before anything is measured.
pub fn check_arguments() {
    drop(criterion());
}

/// Shows the readings of all rows, in nanoseconds; in a test, that each went well.
pub fn show(rows: &[(Figure, Vec<f64>)], mode: Mode) {
    let mut criterion = criterion();
    for group in rows.chunk_by(|(a, _), (b, _)| group_of(a) == group_of(b)) {
        let Some((first, _)) = group.first() else { continue };
        let mut shown = criterion.benchmark_group(group_of(first).0);
        for (figure, readings) in group {
            show_one(&mut shown, &group_of(figure).1, readings, mode);
        }
    }
    criterion.final_summary();
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
        criterion.benchmark_group(group).bench_function(name, |_| {});
    }
}
