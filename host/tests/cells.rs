//! Every cell of the full matrix against the native digests, and the exact figures of each transport.
//!
//! No codec is named: one that somebody adds is covered as soon as its directory exists. Messages
//! above 1 MiB are left to the bench, which verifies them before it times them; here, without
//! optimisation, generating them would take longer than all the rest.

use std::cmp::Reverse;
use std::fs;
use std::path::PathBuf;

use weft::cell::{Cell, Matrix};
use weft::verify::{Expectations, Verified, Wrong, payload_bytes, spec, verify, wire_bytes};

use crate::support::documented::documented;
use crate::support::{ENGINE, codec_ids, codecs, in_parallel, of_cell, supported, transport_of, transports, workspace};

/// The largest message of this test, in payload bytes.
const LARGEST: u64 = 1 << 20;

/// How many payload bytes of a cell are sent: whole rotations of large messages are left to the bench, too.
const SENT: u64 = 256 << 10;

fn cells() -> Vec<Cell> {
    let mut cells = Matrix::Full.cells(&codec_ids());
    cells.retain(|cell| cell.message.payload_bytes() <= LARGEST);
    cells
}

/// Verifies the supported ones of `cells`; returns what is wrong with them.
fn wrong(cells: &[Cell]) -> Vec<String> {
    let expectations = Expectations::default();
    let supported = cells.iter().filter(|cell| supported(cell).is_ok());
    let check = |cell: &Cell| match verified(cell, &expectations) {
        Ok((verified, wire_bytes)) => check(cell, &verified, wire_bytes),
        Err(error) => Some(format!("{cell}: {error}")),
    };
    supported.filter_map(check).collect()
}

/// What verifying a cell finds out, and the size of its messages on the wire.
fn verified(cell: &Cell, expectations: &Expectations) -> Result<(Verified, f64), Wrong> {
    let (codec, guests) = of_cell(cell);
    let messages = (SENT / cell.message.payload_bytes()).clamp(2, 64) as u32;
    let expected = expectations.of(cell.message, cell.task, codec.is_floor())?.first(messages);
    let spec = spec(cell, &ENGINE, guests, expected.rotation());
    let mut pair = transport_of(cell).join(&spec)?;
    Ok((verify(&mut *pair, &expected)?, wire_bytes(&spec)?))
}

fn check(cell: &Cell, verified: &Verified, wire_bytes: f64) -> Option<String> {
    let Some((copies, crossings)) = documented(&cell.transport) else {
        return Some(format!("{cell}: docs/TRANSPORTS.md does not say what a message costs"));
    };
    if verified.copies != Some(copies) || verified.crossings != Some(crossings) {
        return Some(format!("{cell}: {:?} copies, {:?}", verified.copies, verified.crossings));
    }
    let payload_bytes = payload_bytes(cell.message);
    if of_cell(cell).0.is_floor() && wire_bytes != payload_bytes {
        return Some(format!("{cell}: the floor sends {wire_bytes} bytes for {payload_bytes}"));
    }
    (wire_bytes <= 0.0).then(|| format!("{cell}: nothing was sent"))
}

/// The cells of each message and task together, because they have the same digests; the largest
/// messages first.
fn workloads() -> Vec<Vec<Cell>> {
    let mut cells = cells();
    cells.sort_by_key(|cell| (Reverse(cell.message.payload_bytes()), cell.message.kind.name, cell.task));
    cells.chunk_by(|a, b| a.message == b.message && a.task == b.task).map(<[Cell]>::to_vec).collect()
}

#[test]
fn every_cell_returns_the_native_digests() {
    let wrong = in_parallel(&workloads(), |cells| wrong(cells));
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn unsupported_cells_say_why_to_a_person() {
    for cell in Matrix::Full.cells(&codec_ids()) {
        if let Err(reason) = supported(&cell) {
            assert!(reason.split_whitespace().count() >= 3, "{cell}: `{reason}` explains nothing");
            assert!(!reason.contains("does not export"), "{cell}: the codec's traits must say why: {reason}");
        }
    }
}

#[test]
fn every_codec_and_transport_carries_something() {
    let cells = cells();
    let carries = |test: &dyn Fn(&Cell) -> bool| cells.iter().any(|cell| test(cell) && supported(cell).is_ok());
    for codec in codecs() {
        assert!(carries(&|cell| cell.codec == codec.name), "{} supports no cell", codec.name);
    }
    for transport in transports() {
        assert!(carries(&|cell| cell.transport == transport.name()), "{} carries nothing", transport.name());
    }
    assert!(codecs().iter().any(|codec| codec.is_floor()), "there is no floor");
}

#[test]
fn every_codec_of_the_workspace_is_one() {
    let paths = |directory: &str| {
        let entries = fs::read_dir(workspace().join(directory)).expect("a directory of the workspace");
        entries.map(|entry| entry.expect("an entry").path())
    };
    let name = |path: PathBuf| Some(path.file_name()?.to_string_lossy().into_owned());
    let crates = paths("modules/codecs").filter(|path| path.join("Cargo.toml").is_file()).filter_map(name);
    let text =
        paths("modules/text").filter_map(name).filter_map(|file| Some(file.strip_suffix(".producer.wat")?.to_owned()));
    let mut there: Vec<_> = crates.chain(text).collect();
    there.sort();
    // Each once.
    let names: Vec<_> = codecs().iter().map(|codec| codec.name.clone()).collect();
    assert_eq!(names, there);
}
