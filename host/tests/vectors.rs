//! The test vectors of docs/ABI.md: digests that a guest's author can hold a generator and a digest against, without any host.

use std::env;
use std::fmt::Write as _;
use std::fs;

use weft::cell::SEED;
use weft::variables::UPDATE;
use weft_schemas::{EDGES, KINDS, Kind, Task, WATERMARKED, WILD};

use crate::support::workspace;

const MARKERS: [&str; 2] = ["<!-- vectors -->\n", "<!-- /vectors -->\n"];

/// Values by seed and number: of each kind of seed one, the first that of the bench.
const VALUES: [(u64, u32); 5] = [(SEED, 0), (SEED, 1), (WATERMARKED, 1), (EDGES, 1), (WILD | 1, 1)];

/// The sizes of a message that are shown: of those that tests try the two largest that are small.
fn sizes(kind: &Kind) -> impl Iterator<Item = u32> {
    let small: Vec<u32> = kind.tried.whole.iter().copied().filter(|size| *size <= 64).collect();
    let first = small.len().saturating_sub(2);
    small.into_iter().skip(first)
}

/// Values whose text is longer are not shown, in characters.
const SHOWN: usize = 100;

/// A value in a line, where it is short.
fn shown(kind: &Kind, seed: u64, index: u32, size: u32) -> String {
    let mut text = String::new();
    (kind.write_text)(seed, index, size, &mut text).expect("a string");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace(", }", " }");
    let text = text.replace("[ ", "[").replace(", ]", "]");
    if text.len() <= SHOWN { format!("`{text}`") } else { String::new() }
}

/// A digest, or the status in its place.
fn digest(kind: &Kind, seed: u64, index: u32, size: u32, task: Task) -> String {
    match (kind.digest)(seed, index, size, task) {
        Ok(digest) => format!("`{digest:#018x}`"),
        Err(status) => status.code().to_string().replace('-', "\u{2212}"),
    }
}

fn table() -> String {
    let mut table =
        "| message | seed | number | peek | scan, own | reply | value |\n|---|---|---:|---|---|---|---|\n".to_owned();
    for kind in KINDS {
        for size in sizes(kind) {
            for (seed, index) in VALUES {
                let [peek, scan, own, reply] = Task::ALL.map(|task| digest(kind, seed, index, size, task));
                assert_eq!(scan, own, "{}: both take every field", kind.name);
                let value = shown(kind, seed, index, size);
                writeln!(
                    table,
                    "| `{}@{size}` | `{seed:#018x}` | {index} | {peek} | {scan} | {reply} | {value} |",
                    kind.name
                )
                .expect("a string");
            }
        }
    }
    table
}

#[test]
fn the_vectors_of_the_abi_are_those_of_the_code() {
    let path = workspace().join("docs/ABI.md");
    let text = fs::read_to_string(&path).expect("docs/ABI.md");
    let [begin, end] = MARKERS;
    let (head, rest) = text.split_once(begin).expect("a marker");
    let (_, tail) = rest.split_once(end).expect("a marker");
    let expected = [head, begin, &table(), end, tail].concat();
    if env::var_os(UPDATE.name).is_some() {
        fs::write(&path, expected).expect("docs/ABI.md can be written");
        return;
    }
    assert!(text == expected, "not current; run: WEFT_UPDATE=1 cargo test -p weft --test all vectors::");
}
