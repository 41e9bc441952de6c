//! What people use today, beside the answer: each as a time, and as a multiple of the best choice at full isolation.

use weft_link::transport::Isolation;

use super::answer::{self, TASK, workloads};
use super::units::{factor, time};
use crate::cell::{Cell, OWN_HOST};
use crate::record::{CellRecord, Record};

/// A codec over what a platform has for it.
struct Used {
    what: &'static str,
    codec: &'static str,
    host: &'static str,
    /// Over which transport; any that the host has, where it has one of its own.
    transport: Option<&'static str>,
}

const USED: [Used; 4] = [
    Used { what: "JSON over Extism", codec: "json", host: "extism", transport: None },
    Used { what: "MessagePack over waPC", codec: "msgpack", host: "wapc", transport: None },
    Used {
        what: "MessagePack over allocate, call, free",
        codec: "msgpack",
        host: OWN_HOST,
        transport: Some("buffer-packed"),
    },
    Used { what: "typed records over components", codec: "wit", host: OWN_HOST, transport: Some("component") },
];

/// One way of today, with its time for each of the workloads of the answer.
pub struct Today {
    /// The codec, and over what.
    pub what: &'static str,
    /// For each workload the time in nanoseconds, and how many times that of the best choice at full isolation it is; none where the run
    /// has it not.
    pub times: Vec<Option<(f64, Option<f64>)>>,
}

impl Today {
    /// A row of the answer.
    pub fn markdown(&self) -> String {
        let cells: String =
            self.times.iter().map(|time| format!(" {} |", time.map_or_else(String::new, words))).collect();
        format!("| today: {} |{cells}\n", self.what)
    }
}

impl Used {
    fn is(&self, cell: &CellRecord, message: &str) -> bool {
        let Cell { codec, transport, host, task, .. } = &cell.cell;
        cell.message() == message
            && task.name() == TASK
            && codec == self.codec
            && host == self.host
            && self.transport.is_none_or(|wanted| transport == wanted)
    }
}

/// The ways of today that the run has.
pub fn rows(record: &Record) -> Vec<Today> {
    let best: Vec<Option<f64>> = answer::rows(record)
        .into_iter()
        .find(|(isolation, _)| *isolation == Isolation::Full)
        .map(|(_, choices)| choices.into_iter().map(|choice| choice.map(|choice| choice.latency_ns)).collect())
        .unwrap_or_default();
    let workloads = workloads(record);
    let time = |used: &Used, place: usize, message: &str| {
        let cell = record.all_measured().find(|cell| used.is(cell, message))?;
        let time = cell.latency_ns?.value;
        Some((time, best.get(place).copied().flatten().map(|best| time / best)))
    };
    let row = |used: &Used| Today {
        what: used.what,
        times: workloads.iter().enumerate().map(|(place, (_, message))| time(used, place, message)).collect(),
    };
    USED.iter().map(row).filter(|row| row.times.iter().any(Option::is_some)).collect()
}

/// A time, and its factor where there is one, in words.
fn words((ns, times): (f64, Option<f64>)) -> String {
    match times {
        Some(times) => format!("{}, {} **full**", time(ns), factor(times)),
        None => time(ns),
    }
}

#[cfg(test)]
mod tests {
    use super::{rows, words};
    use crate::record::{Record, fixture};

    fn with(host: &str, codec: &str, transport: &str) -> Record {
        let mut record = fixture::record(&fixture::run());
        let mut cell = record.cells.iter().find(|cell| cell.name() == "log@1/own/bytes/relay").expect("a cell").clone();
        cell.cell = crate::cell::Cell::new(cell.cell.message, cell.cell.task, codec, transport).on(host);
        record.cells.push(cell);
        record
    }

    #[test]
    fn what_the_run_has_of_today_stands_beside_the_best() {
        assert!(rows(&fixture::record(&fixture::run())).is_empty());
        let all = rows(&with("extism", "json", "kernel"));
        let [today] = all.as_slice() else { panic!("{} ways", all.len()) };
        let times: Vec<_> = today.times.iter().flatten().collect();
        assert!(today.what == "JSON over Extism" && times.len() == 1 && times[0].1.is_some_and(|times| times > 1.0));
        assert!(words(*times[0]).ends_with("× **full**"), "{}", words(*times[0]));
        assert_eq!(rows(&with("wasmtime", "wit", "component")).len(), 1);
        assert!(rows(&with("node", "wit", "component")).is_empty());
    }
}
