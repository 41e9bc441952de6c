//! What the table of docs/TRANSPORTS.md says that a message costs.

use std::fs;

use weft::verify::Crossings;

use crate::support::workspace;

/// The payload copies and crossings of a transport; none where the table has no row for it.
pub fn documented(transport: &str) -> Option<(u64, Crossings)> {
    let document = fs::read_to_string(workspace().join("docs/TRANSPORTS.md")).expect("docs/TRANSPORTS.md");
    let row = document.lines().find(|line| line.starts_with(&format!("| `{transport}` |")))?;
    let mut columns = row.split('|').map(str::trim).skip(3);
    let (copies, path) = (columns.next()?.parse().ok()?, columns.next()?);
    // `wasm → host, 4 × host → wasm`: parts, some of them several times.
    let parts = path.split(", ").map(|part| part.split_once(" × ").unwrap_or(("1", part)));
    let parts: Vec<(u64, Vec<&str>)> =
        parts.map(|(times, part)| Some((times.parse().ok()?, part.split(" → ").collect()))).collect::<Option<_>>()?;
    let hops = |stations: &[&str], from, to| stations.windows(2).filter(|hop| **hop == [from, to]).count() as u64;
    let calls = |from, to| parts.iter().map(|(times, part)| times * hops(part, from, to)).sum();
    let crossings = Crossings {
        host_to_wasm: calls("host", "wasm"),
        wasm_to_host: calls("wasm", "host"),
        wasm_to_wasm: calls("wasm", "wasm"),
    };
    Some((copies, crossings))
}
