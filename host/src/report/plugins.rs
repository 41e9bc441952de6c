//! What the ways of plugin systems cost beside the best of weft's own, in a line for each task.

use std::fmt::Write as _;

use super::answer::workloads;
use super::hosts::{Way, hosts, measured, ways};
use super::units::{factor, time};
use crate::record::Record;

/// A plugin system's way, beside the best of weft's own between isolated guests: the same message, task and codec.
struct Beside<'a> {
    host: &'a str,
    way: Way<'a>,
}

/// A sentence for each task of the answer's first workload: the best way's cost, that of each plugin system as a multiple of it, and what
/// that makes of the whole message. All with one codec, which is the fastest that the systems have. Empty where a run has no such systems.
pub fn sentences(record: &Record) -> Vec<String> {
    let hosts = hosts(record);
    let Some((_, message)) = workloads(record).into_iter().next() else { return Vec::new() };
    let all = hosts.iter().flat_map(|host| {
        let of_message = ways(record, host)
            .into_iter()
            .filter(|way| way.cell.message() == message && way.times_at_least().is_some());
        of_message.map(|way| Beside { host: host.name, way })
    });
    let all: Vec<Beside<'_>> = all.collect();
    ["own", "reply"].iter().filter_map(|task| sentence(&all, task)).collect()
}

fn sentence(all: &[Beside<'_>], task: &str) -> Option<String> {
    let of_task: Vec<&Beside<'_>> = all.iter().filter(|beside| beside.way.cell.task() == task).collect();
    let taken = |beside: &&&Beside<'_>| measured(beside.way.cell).map_or(f64::INFINITY, |time| time.value);
    let codec = &of_task.iter().min_by(|a, b| taken(a).total_cmp(&taken(b)))?.way.cell.cell.codec;
    let same: Vec<&&Beside<'_>> = of_task.iter().filter(|beside| beside.way.cell.cell.codec == *codec).collect();
    let first = same.first()?;
    let best = first.way.best?;
    let mut ways = String::new();
    let mut wholes: Vec<String> = Vec::new();
    for Beside { host, way } in same.iter().map(|beside| **beside) {
        let _ = write!(ways, ", {} in {host}{}", time(way.cost()?), times(way));
        wholes.push(format!("{} as long in {host}", factor(measured(way.cell)?.value / measured(best)?.value)));
    }
    let untold = if first.way.best_is_told() { "" } else { " (not told from 0)" };
    Some(format!(
        "The way alone, which is a cell's time less that over `linked`, for `{}/{task}` with `{codec}`: {} over `{}`{untold}{ways}. The \
         whole message: {}.",
        best.message(),
        time(first.way.best_cost()?),
        best.cell.transport,
        wholes.join(", ")
    ))
}

/// How many times the best's cost that is at least.
fn times(way: &Way<'_>) -> String {
    way.times_at_least().map_or_else(String::new, |times| format!(" (at least {})", factor(times)))
}

#[cfg(test)]
mod tests {
    use super::sentences;
    use crate::cell::Cell;
    use crate::record::{Record, fixture};

    /// Bytes over `adapter` and over a plugin system's way, which take so many times as long as over `linked`.
    fn with(factors: &[(&str, f64)]) -> Record {
        let mut record = fixture::record(&fixture::run());
        let bare = record.cells.iter().find(|cell| cell.name() == "log@1/own/bytes/linked").expect("a cell").clone();
        for (host, factor) in factors {
            let mut cell = bare.clone();
            let transport = format!("way of {host}");
            cell.cell = Cell::new(cell.cell.message, cell.cell.task, "bytes", &transport).on(host);
            cell.isolation = weft_link::transport::Isolation::Full;
            let mut readings = cell.readings.clone();
            readings.iter_mut().for_each(|reading| reading.ns *= factor);
            cell.take(readings, &[]);
            record.cells.push(cell);
        }
        record
    }

    #[test]
    fn plugin_systems_stand_beside_the_best_way() {
        assert!(sentences(&with(&[])).is_empty());
        let said = sentences(&with(&[("wapc", 10.0), ("extism", 100.0)]));
        let [own] = said.as_slice() else { panic!("{said:?}") };
        assert!(own.contains("for `log@1/own` with `bytes`: "), "{own}");
        let times = |host: &str| {
            let (_, after) = own.split_once(&format!(" in {host} (at least ")).expect("the host");
            after.split_once(" ×").expect("a factor").0.replace(' ', "").parse::<f64>().expect("a number")
        };
        // The way is what is more than over `linked`: 9 and 99 times it.
        let ratio = times("extism") / times("wapc");
        assert!((10.5..11.5).contains(&ratio), "{ratio} {own}");
    }
}
