//! A round in a process of its own.
//!
//! Where a process's stack, heap and mappings lie is drawn when it starts, and lasts: the same cell was 30 % faster in
//! one process than in the next, while within each all fresh pairs agreed to a percent (`docs/METHODOLOGY.md`). So a run
//! starts itself again for every round, and its figures are of as many processes as rounds.
//!
//! The process reads what it is asked ([`Round`]) as JSON from its standard input, and tells ([`Told`]) what it finds
//! in a line of JSON each on its standard output.

use std::io::{BufRead, BufReader, Read, Write, stdin, stdout};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::yardstick::Reading;
use super::{Builds, Exchange, Yardstick};
use crate::engine::engine;
use crate::guest::catalog;
use crate::run::{Cell, Verifier};

/// The first argument of a process that is to measure a round. Not for people.
pub const MEASURE_ROUND: &str = "--measure-round";

/// What a process is asked to measure.
#[derive(Debug, Serialize, Deserialize)]
pub struct Round {
    /// The yardstick's best so far: a process of its own might never see a calm core.
    pub best: f64,
    /// The cells, in the order in which they are measured.
    pub cells: Vec<Asked>,
}

/// A cell of a round.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Its number in the run.
    pub index: usize,
    /// Its name.
    pub cell: String,
}

/// What a process tells.
#[derive(Debug, Serialize, Deserialize)]
pub enum Told {
    /// What a message of a cell takes.
    Reading {
        /// The cell's number.
        index: usize,
        /// Its time on one fresh pair.
        reading: Reading,
    },
    /// A cell that failed.
    Failed {
        /// The cell's number.
        index: usize,
        /// Why.
        error: String,
    },
    /// All cells were measured.
    Done {
        /// The yardstick's best.
        best: f64,
        /// How long samples were taken in vain.
        discarded: Duration,
    },
}

/// Measures the round that standard input asks for, in this process.
///
/// # Errors
/// Where it cannot be read, or what was found cannot be told. A cell that fails is told.
pub fn measure_round() -> anyhow::Result<()> {
    let mut asked = String::new();
    stdin().read_to_string(&mut asked)?;
    let round: Round = serde_json::from_str(&asked).context("this is no round")?;
    let codecs = catalog().context("a guest cannot be used")?;
    let engine = engine()?;
    let (builds, verifier) = (Builds::new(&engine), Verifier::new(&engine));
    let mut yardstick = Yardstick::calibrated(round.best);
    for Asked { index, cell } in round.cells {
        let mut measure = || -> anyhow::Result<Reading> {
            let cell = Cell::named(&cell, codecs).map_err(anyhow::Error::msg)?;
            let expected = verifier.expected(cell.message, cell.task, cell.is_floor())?;
            let mut pair = Exchange::one(&cell, &builds, expected)?;
            yardstick.measure(&mut pair, 0)
        };
        match measure() {
            Ok(reading) => tell(&Told::Reading { index, reading })?,
            Err(error) => tell(&Told::Failed { index, error: format!("{error:#}") })?,
        }
    }
    tell(&Told::Done { best: yardstick.best(), discarded: yardstick.discarded() })
}

fn tell(told: &Told) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    serde_json::to_writer(&mut out, told)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

impl Round {
    /// Starts this program again, which must call [`measure_round`] where its first argument is [`MEASURE_ROUND`], and hands on what it tells.
    ///
    /// # Errors
    /// Where it does not start, or ends before it has told everything.
    pub fn in_a_process(&self, mut told: impl FnMut(Told)) -> anyhow::Result<()> {
        let program = std::env::current_exe().context("where this program lies is not known")?;
        let mut process = Command::new(program)
            .arg(MEASURE_ROUND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("a process for a round cannot be started")?;
        let asked = serde_json::to_vec(self)?;
        let written = process.stdin.take().context("its input")?.write_all(&asked);
        let mut done = false;
        for line in BufReader::new(process.stdout.take().context("its output")?).lines() {
            let line = serde_json::from_str(&line?).context("a process for a round says something else")?;
            done |= matches!(line, Told::Done { .. });
            told(line);
        }
        let status = process.wait()?;
        if !status.success() || !done {
            bail!("the process of the round ended early: {status}");
        }
        Ok(written?)
    }
}
