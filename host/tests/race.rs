//! `weft race` as users type it: against itself, against other guests, against another host, and against what is none.

use std::fs;
use std::path::Path;

use crate::support::command::{Typed, weft};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;
use weft::guests::{Codec, catalog};

const CELL: &str = "^log@1/peek/bytes/direct$";

/// A race that takes no longer than its first look.
fn race(arguments: &[&str]) -> Typed {
    weft(None, &[&["race", "--time", "1ms"], arguments].concat())
}

fn json(arguments: &[&str]) -> Result<Value> {
    let typed = race(&[arguments, &["--format", "json"]].concat());
    ensure!(typed.code == Some(0), "{}", typed.stderr);
    Ok(serde_json::from_str(&typed.stdout)?)
}

fn bytes() -> Result<Codec> {
    catalog(|name| name == "bytes")?.into_iter().next().context("the workspace has the codec bytes")
}

/// A directory with guests of `bytes`.
fn guests(producer: &[u8], consumer: &[u8]) -> Result<TempDir> {
    let directory = tempfile::tempdir()?;
    fs::write(directory.path().join("bytes.producer.wasm"), producer)?;
    fs::write(directory.path().join("bytes.consumer.wasm"), consumer)?;
    Ok(directory)
}

/// The same module with a section that nobody reads: other bytes that do the same.
fn marked(wasm: &[u8]) -> Vec<u8> {
    [wasm, &[0, 3, 2, b'o', b'k']].concat()
}

fn path(directory: &TempDir) -> &str {
    directory.path().to_str().unwrap_or_default()
}

#[test]
fn against_itself_every_cell_is_a_control() -> Result<()> {
    let raced = json(&[CELL])?;
    let lane = &raced["lanes"][0];
    ensure!(lane["outcome"] == "control" && lane["pairs"].as_u64() >= Some(4), "{raced:#}");
    ensure!(lane["low"].as_f64() <= lane["ratio"].as_f64() && lane["ratio"].as_f64() <= lane["high"].as_f64());
    ensure!(raced["could_show"].as_f64().is_some_and(|part| part > 0.0), "{raced:#}");
    race(&[CELL]).expect(0, &["this working tree against itself", "control", "1 control"]);
    race(&[CELL, "--format", "md"]).expect(0, &["| cell | verdict |", "`log@1/peek/bytes/direct` (control)"]);
    Ok(())
}

#[test]
fn other_bytes_that_do_the_same_are_raced_and_their_exact_figures_are_equal() -> Result<()> {
    let codec = bytes()?;
    let directory = guests(&marked(&codec.producer.wasm), &codec.consumer.wasm)?;
    let raced = json(&["^(log@1/peek/(bytes|bincode)/direct)$", "--against", path(&directory)])?;
    let lanes = raced["lanes"].as_array().context("lanes")?;
    let of = |outcome: &str| lanes.iter().filter(|lane| lane["outcome"] == outcome).collect::<Vec<_>>();
    ensure!(of("raced").len() == 1 && of("raced")[0]["cell"] == "log@1/peek/bytes/direct", "{raced:#}");
    ensure!(of("raced")[0]["exact"] == Value::Array(Vec::new()), "{raced:#}");
    // The directory has no bincode.
    ensure!(
        of("out").len() == 1
            && of("out")[0]["reason"]
                .as_str()
                .is_some_and(|why| why.contains("bincode") || why.contains("does not have it"))
    );
    ensure!(!of("control").is_empty(), "{raced:#}");
    Ok(())
}

#[test]
fn equal_guests_are_no_race() -> Result<()> {
    let codec = bytes()?;
    let directory = guests(&codec.producer.wasm, &codec.consumer.wasm)?;
    race(&[CELL, "--against", path(&directory)]).expect(0, &["nothing to race", "byte for byte"]);
    Ok(())
}

/// Another number in place of the digest.
#[test]
fn a_message_that_changed_is_not_comparable() -> Result<()> {
    let codec = bytes()?;
    let consumer = r#"(module (import "env" "memory" (memory 1)) (global $next (mut i32) (i32.const 1048576))
        (func (export "inbox") (param i32) (result i64)
          (i64.extend_i32_u (i32.shl (memory.grow (i32.add (i32.shr_u (local.get 0) (i32.const 16)) (i32.const 1))) (i32.const 16))))
        (func (export "receive_log_peek") (param i32 i32) (result i64) (i64.const 7)))"#;
    let directory = guests(&codec.producer.wasm, &wat::parse_str(consumer)?)?;
    let raced = json(&[CELL, "--against", path(&directory)])?;
    let lane = &raced["lanes"][0];
    ensure!(lane["outcome"] == "out", "{raced:#}");
    ensure!(lane["reason"] == "the message changed: not comparable", "{raced:#}");
    Ok(())
}

#[test]
fn a_setting_is_raced_in_processes_of_its_own() -> Result<()> {
    let raced = json(&[CELL, "--against", "wasmtime+fuel"])?;
    ensure!(raced["old"] == "wasmtime+fuel" && raced["new"] == "wasmtime", "{raced:#}");
    let outcomes: Vec<_> = raced["lanes"].as_array().context("lanes")?.iter().map(|lane| &lane["outcome"]).collect();
    ensure!(outcomes == ["raced", "control"], "{raced:#}");
    Ok(())
}

#[test]
fn what_cannot_be_raced_is_an_error_that_says_what_can() {
    race(&[CELL, "--against", "no-such-thing"]).expect(1, &["no-such-thing", "git revision"]);
    race(&["log@1/peek/nothing/direct"]).expect(1, &["cargo weft list"]);
    race(&[CELL, "--host-too"]).expect(2, &["--against"]);
    race(&[CELL, "--threshold", "0"]).expect(2, &["5% or 0.05"]);
    weft(None, &["race", CELL, "--time", "soon"]).expect(2, &["--time"]);
    let nowhere = Path::new("/dev/null/guests").display().to_string();
    race(&[CELL, "--against", &nowhere]).expect(1, &["/dev/null/guests"]);
}
