//! What wasm costs: codecs as WebAssembly on weft's own host beside the same as native code.

use super::{Host, Ratio, codecs, workloads};
use crate::record::{CellRecord, Latency, Record};

/// The way that native guests have, and that wasm is compared with them over.
pub const NATIVE_WAY: &str = "linked";

/// What one codec costs for one message.
#[derive(Clone, Debug)]
pub struct Cost<'a> {
    /// The message and the task.
    pub workload: (String, &'static str),
    /// The codec.
    pub codec: &'a str,
    /// Its time as WebAssembly. None where weft's own host did not measure it.
    pub wasm: Option<Latency>,
    /// What there is of each native host.
    pub natives: Vec<Native<'a>>,
}

/// A codec as native code.
#[derive(Clone, Debug, Default)]
pub struct Native<'a> {
    /// Its cell. None where the host has none.
    pub cell: Option<&'a CellRecord>,
    /// How many times as long it takes as WebAssembly.
    pub cost: Option<Ratio>,
}

/// What each codec costs for each message, beside these native hosts.
pub fn costs<'a>(record: &Record, natives: &[&Host<'a>]) -> Vec<Cost<'a>> {
    let all = || natives.iter().flat_map(|host| host.cells.iter().copied());
    let cells: Vec<&CellRecord> = all().filter(|cell| cell.cell.transport == NATIVE_WAY).collect();
    let mut costs = Vec::new();
    for workload in workloads(cells.iter().copied()) {
        let own = cells.iter().filter(|cell| (cell.message(), cell.task()) == workload);
        for codec in codecs(record, own.copied()) {
            costs.push(cost(&workload, codec, natives));
        }
    }
    costs
}

fn cost<'a>(workload: &(String, &'static str), codec: &'a str, natives: &[&Host<'a>]) -> Cost<'a> {
    let is = |cell: &CellRecord| {
        (cell.message(), cell.task()) == *workload && cell.cell.codec == codec && cell.cell.transport == NATIVE_WAY
    };
    let pair = |host: &&Host<'a>| host.pairs.iter().find(|pair| is(pair.other)).copied();
    let native = |host: &&Host<'a>| Native {
        cell: host.cells.iter().find(|cell| is(cell)).copied(),
        cost: pair(host).and_then(|pair| Ratio::of(pair.own, pair.other)),
    };
    Cost {
        workload: workload.clone(),
        codec,
        wasm: natives.iter().find_map(pair).map(|pair| pair.own_latency),
        natives: natives.iter().map(native).collect(),
    }
}
