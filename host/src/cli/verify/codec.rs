//! `weft verify --codec`: what a contributor of a codec runs.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, bail};
use weft_link::guest::Guest;

use crate::cell::{FLOOR_SIZES, Matrix, MessageId, messages_from_environment, workloads};
use crate::guests::{Codec, catalog_replying, names};
use crate::spelling::nearest;
use crate::trials::{TRIALS, Trials, Verdict};
use crate::{interrupt, print, run};

/// The column that what came of a trial begins in.
const INDENT: &str = "                 ";

/// Puts a codec through all trials, and prints a line for each.
pub fn verify(name: &str) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let codec = codec(name)?;
    let built = started.elapsed();
    let trials = Trials::of(&codec, sizes(&codec)?, run::limits_from_environment()?)?;
    print::out(&format!("{name}: {}\n", codec.traits.about.as_deref().unwrap_or("it does not describe itself")))?;
    let (mut wrong, mut unknown) = (0, 0);
    for trial in TRIALS {
        let verdict = trial.conduct(&trials);
        // It is no verdict where units were left out.
        interrupt::check()?;
        let word = match verdict {
            Verdict::Passed(_) => "ok",
            Verdict::Unknown(_) => "?",
            Verdict::Wrong(_) => "WRONG",
        };
        wrong += usize::from(verdict.is_wrong());
        unknown += usize::from(matches!(verdict, Verdict::Unknown(_)));
        let what = if verdict.is_wrong() { format!("{}\n{INDENT}", trial.about) } else { String::new() };
        print::out(&format!("{word:<6} {:<9} {what}{}\n", trial.name, verdict.lines(INDENT)))?;
    }
    let tail = format!("{:.1} s, of which {:.1} s built guests", started.elapsed().as_secs_f64(), built.as_secs_f64());
    if wrong == 0 {
        let untold = if unknown > 0 { format!(", {unknown} tell nothing (?)") } else { String::new() };
        print::out(&format!("{} trials passed{untold}; {tail}\n", TRIALS.len() - unknown))?;
        return Ok(ExitCode::SUCCESS);
    }
    print::out(&format!(
        "{wrong} of {} trials failed; {tail}\n{}what a codec must do: docs/ABI.md, docs/ADDING_A_CODEC.md\n",
        TRIALS.len(),
        not_called(&codec)
    ))?;
    Ok(ExitCode::FAILURE)
}

/// A line for each guest that may well wait for a call that no host makes.
fn not_called(codec: &Codec) -> String {
    let own = codec.replying.iter().filter(|guests| guests.files != codec.files);
    let replying = own.flat_map(|guests| [&guests.requester, &guests.replier]);
    let guests = [&codec.producer, &codec.consumer].into_iter().chain(replying);
    let started = guests.flat_map(|guest| ["_initialize", "_start"].map(|export| (guest, export)));
    let line = |(guest, export): (&Guest, &str)| {
        format!("the {} exports `{export}`, which no host calls: docs/ABI.md, What is called\n", guest.name.side)
    };
    started.filter(|(guest, export)| guest.has(export)).map(line).collect()
}

/// The codec of this name, built or read.
fn codec(name: &str) -> anyhow::Result<Codec> {
    let found = catalog_replying(|codec| codec == name, |codec| codec == name).context("a guest cannot be used")?;
    if let Some(codec) = found.into_iter().next() {
        return Ok(codec);
    }
    let known = names()?;
    let there_are = match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("is it `{near}`? There are"),
        None => "there are".to_owned(),
    };
    bail!("there is no codec `{name}`; {there_are} {}; `cargo weft new codec {name}` makes one", known.join(", "))
}

/// The sizes of the full matrix, or those of `WEFT_MESSAGES`; the floor has its own.
fn sizes(codec: &Codec) -> anyhow::Result<Vec<MessageId>> {
    let messages = messages_from_environment()?;
    if codec.is_floor() && messages.is_none() {
        return Ok(FLOOR_SIZES.iter().filter_map(|size| MessageId::blob(*size).ok()).collect());
    }
    Ok(workloads(Matrix::Full, messages.as_deref()).into_iter().map(|(message, _)| message).collect())
}
