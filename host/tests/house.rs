//! The rules of the house that can be read from the sources: functions fit a screen, imports point down, and nothing panics
//! because nobody reads what it prints.

mod functions;
mod layers;
mod mentions;
mod printing;
mod safety;
mod sources;

use sources::{Finding, list, sources, texts};

/// The layers of `host/src` from the bottom up, each a directory or a file. A layer may use itself and those before it.
const LAYERS: [&str; 26] = [
    "lock",
    "spelling",
    "variables",
    "print",
    "interrupt",
    "json",
    "build",
    "cell",
    "guests",
    "statistics",
    "verify",
    "measure",
    "exact",
    "trials",
    "protocol",
    "serve",
    "record",
    "hosts",
    "run",
    "attack",
    "page",
    "report",
    "compare",
    "race",
    "strangers",
    "cli",
];

/// Layers that use nothing of the crate, not even those below.
const ALONE: [&str; 1] = ["statistics"];

/// Where functions are held to [`SCREEN`]. What does not exist is skipped.
const MEASURED: [&str; 5] = ["host/src", "host/link", "host/tests", "benches", "peers"];

/// Where nothing may be printed with a macro.
const PRINTING: [&str; 2] = ["host/src", "benches/weft"];

/// Where `unsafe` has an argument, but for what is generated.
const ARGUED: [&str; 5] = ["host", "benches", "schemas", "modules", "peers"];

/// The lines that a function may have, from `fn` to its closing brace.
const SCREEN: usize = 40;

#[test]
fn functions_fit_a_screen() {
    let sources: Vec<_> = MEASURED.into_iter().flat_map(sources).collect();
    assert!(!sources.is_empty(), "no sources were found");
    let mut longer: Vec<Finding> = sources.iter().flat_map(|source| functions::longer_than(SCREEN, source)).collect();
    assert!(longer.is_empty(), "functions longer than {SCREEN} lines:\n{}", list(&mut longer));
}

#[test]
fn imports_point_down() {
    let host = sources("host/src");
    assert!(!host.is_empty(), "no sources were found");
    let mut wrong = layers::wrong(&LAYERS, &host);
    wrong.extend(ALONE.into_iter().flat_map(|layer| layers::company(layer, &host)));
    wrong.extend(sources("host/link/src").iter().flat_map(layers::foreign_to_link));
    assert!(wrong.is_empty(), "imports that do not point down:\n{}", list(&mut wrong));
}

#[test]
fn nothing_panics_on_a_closed_pipe() {
    let sources: Vec<_> = PRINTING.into_iter().flat_map(sources).collect();
    assert!(!sources.is_empty(), "no sources were found");
    let mut found: Vec<Finding> = sources.iter().flat_map(printing::macros).collect();
    assert!(found.is_empty(), "macros that panic on a closed pipe:\n{}", list(&mut found));
}

#[test]
fn unsafe_has_its_argument() {
    let texts: Vec<_> = ARGUED.into_iter().flat_map(texts).filter(|text| !text.path.contains("/generated/")).collect();
    assert!(!texts.is_empty(), "no sources were found");
    let mut found: Vec<Finding> = texts.iter().flat_map(safety::without_argument).collect();
    assert!(found.is_empty(), "{}", list(&mut found));
}
