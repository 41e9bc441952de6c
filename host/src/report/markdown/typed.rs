//! Typed records beside bytes: what the component model's own types cost, for each message and task that has both.

use std::fmt::Write as _;

use crate::cell::MessageId;
use crate::record::Record;
use crate::report::units::{factor, time};
use weft_schemas::Task;

/// What stands beside typed records: the codec, and over what.
const BESIDE: [(&str, &str); 3] = [("bytes", "adapter"), ("bincode", "adapter"), ("bytes", "component")];

/// The typed codec, and its transport.
const TYPED: (&str, &str) = ("wit", "component");

/// The table; empty where the run has no typed records.
pub fn typed(record: &Record) -> String {
    let mut rows = String::new();
    for (message, task) in workloads(record) {
        let of = |(codec, transport): (&str, &str)| {
            let mut cells = record.measured().filter(|cell| (cell.cell.message, cell.cell.task) == (message, task));
            let cell =
                cells.find(|cell| (cell.cell.codec.as_str(), cell.cell.transport.as_str()) == (codec, transport))?;
            Some(cell.latency_ns?.value)
        };
        let Some(typed) = of(TYPED) else { continue };
        let _ = write!(rows, "| `{message}` `{task}` | **{}** |", time(typed));
        for beside in BESIDE {
            let _ = match of(beside) {
                Some(ns) => write!(rows, " {}, {} |", time(ns), factor(ns / typed)),
                None => write!(rows, " |"),
            };
        }
        rows.push('\n');
    }
    if rows.is_empty() {
        return rows;
    }
    let mut text = String::from("| message, task | wit over component |");
    for (codec, transport) in BESIDE {
        let _ = write!(text, " {codec} over {transport} |");
    }
    format!(
        "{text}\n|---|---:|{}\n{rows}\nFactors are multiples of the time of typed records. All four isolate fully.\n",
        "---:|".repeat(BESIDE.len())
    )
}

/// The messages and tasks of a run, in its order.
fn workloads(record: &Record) -> Vec<(MessageId, Task)> {
    let mut all = Vec::new();
    for cell in record.measured() {
        let workload = (cell.cell.message, cell.cell.task);
        if !all.contains(&workload) {
            all.push(workload);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::typed;
    use crate::cell::Cell;
    use crate::record::fixture;

    #[test]
    fn typed_records_stand_beside_bytes() {
        let mut record = fixture::record(&fixture::run());
        assert_eq!(typed(&record), "");
        let mut cell =
            record.cells.iter().find(|cell| cell.name() == "log@1/own/bytes/adapter").expect("a cell").clone();
        cell.cell = Cell::new(cell.cell.message, cell.cell.task, "wit", "component");
        record.cells.push(cell);
        let text = typed(&record);
        let row = text.lines().find(|line| line.starts_with("| `log@1` `own`")).expect("a row");
        // It takes as long as the cell that it is a copy of.
        assert!(row.contains("1.00 ×") && row.matches('|').count() == 6, "{text}");
    }
}
