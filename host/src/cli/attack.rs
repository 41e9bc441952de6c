//! `weft attack`: hostile guests over every transport, and whether what comes of them is what is promised.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};
use weft_link::transport::by_name;

use crate::attack::promise::{self, Promise};
use crate::attack::{Attacked, Outcome, attacks, child, conduct, named, render};
use crate::cell::Filter;
use crate::record::{Attacks, can_keep, results_directory};
use crate::run::{Progress, limits_from_environment};
use crate::{interrupt, print};

/// Joins hostile guests with honest ones over every transport, and says what comes of it
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo weft attack\n  cargo weft attack linked\n  cargo weft attack outside-the-outbox\n  \
                        cargo weft attack --list\n  cargo weft attack --format json > attacks.json\n  \
                        cargo weft attack --into docs/ISOLATION.md\n\n\
                        Each attack runs in a process of its own, over each transport. Its outcome is contained, peer harmed, host \
                        harmed,\nnot applicable or not tested. docs/ISOLATION.md promises each of them, and says how they are judged.\n\
                        The outcomes of all attacks are kept in results/attack.json: runs of the same build on the same machine have them beside their times.\n\
                        Exits with 1 where an outcome is another one, and where an attack is blind: it does not harm where it must.\n\
                        A file in modules/hostile is an attack; docs/ISOLATION.md says how to add one."
)]
pub struct Attack {
    /// A regular expression over `<attack>/<transport>`
    #[arg(value_parser = Filter::pattern)]
    filter: Option<Filter>,
    /// How to print what came of it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Only list the attacks: side, number of inputs, what they do
    #[arg(long)]
    list: bool,
    /// Write the tables into this document, between its markers, and promise them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["filter", "list", "format"])]
    into: Option<PathBuf>,
    /// Tries one attack over one transport in this process, and tells what is seen in lines of JSON
    #[arg(long, hide = true, num_args = 2..=3, value_names = ["ATTACK", "TRANSPORT", "INPUT"])]
    in_this_process: Vec<String>,
}

/// The forms of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs, with what was seen of each input
    Json,
    /// The tables of docs/ISOLATION.md
    Md,
}

impl Attack {
    /// Whether this is the process of one attack.
    pub fn is_one_process(&self) -> bool {
        !self.in_this_process.is_empty()
    }

    /// Attacks, and prints.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        if let [attack, transport, input @ ..] = self.in_this_process.as_slice() {
            return in_this_process(attack, transport, input.first().map(String::as_str));
        }
        if self.list {
            print::out(&render::list(&attacks()?))?;
            return Ok(ExitCode::SUCCESS);
        }
        let filter = self.filter.clone().unwrap_or_default();
        let document = self.into.clone().unwrap_or_else(promise::document);
        // Before the work, so that nobody waits for it in vain.
        let text = fs::read_to_string(&document).with_context(|| format!("cannot read {}", document.display()))?;
        let results = results_directory();
        if self.filter.is_none() {
            can_keep(&results).context("the outcomes cannot be kept")?;
        }
        let attacked = attack(&filter)?;
        if self.filter.is_none() {
            attacked.outcomes().keep(&results)?;
            print::err(&format!("kept for the next runs: {}", Attacks::file(&results).display()));
        }
        if let Some(path) = &self.into {
            let updated = promise::with_tables(&text, &render::markdown(&attacked)).map_err(anyhow::Error::msg);
            let updated = updated.with_context(|| format!("in {}", path.display()))?;
            fs::write(path, updated).with_context(|| format!("cannot write {}", path.display()))?;
            print::out(&format!("{}: {}\n", path.display(), render::totals(&attacked)))?;
            return self.judge(&attacked, &[]);
        }
        let promise = Promise::read(&text).map_err(anyhow::Error::msg);
        let broken = promise.with_context(|| format!("in {}", document.display()))?.broken(&attacked.rows);
        match self.format {
            Format::Table => print::out(&render::text(&attacked))?,
            Format::Md => print::out(&render::markdown(&attacked))?,
            Format::Json => {
                let json = render::json(&attacked, &broken, &attacked.blind());
                print::out(&format!("{}\n", serde_json::to_string_pretty(&json)?))?;
            }
        }
        self.judge(&attacked, &broken)
    }

    /// Says what is not as it should be; exit code 1 where anything is.
    fn judge(&self, attacked: &Attacked, broken: &[String]) -> anyhow::Result<ExitCode> {
        let blind = attacked.blind();
        let harmed = attacked.rows.iter().any(|row| row.seen.outcome == Outcome::HostHarmed);
        for sentence in &blind {
            print::err(&format!("BLIND {sentence}"));
        }
        for sentence in broken {
            print::err(&format!("DIFFERS {sentence}"));
        }
        if !broken.is_empty() {
            print::err("where that is meant: cargo weft attack --into docs/ISOLATION.md");
        }
        Ok(if blind.is_empty() && broken.is_empty() && !harmed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Tries the attacks, and tells how far it is.
fn attack(filter: &Filter) -> anyhow::Result<Attacked> {
    limits_from_environment()?;
    let mut progress: Option<Progress> = None;
    let attacked = conduct(filter, &mut |row, of| {
        let progress = progress.get_or_insert_with(|| Progress::new(of));
        progress.step(&format!("{} over {}", row.attack, row.transport));
    });
    if let Some(progress) = progress {
        progress.finish();
    }
    let attacked = attacked?;
    if attacked.rows.is_empty() {
        bail!("no attack has such a name; cargo weft attack --list prints all");
    }
    Ok(attacked)
}

/// Is the process of one attack over one transport.
fn in_this_process(attack: &str, transport: &str, input: Option<&str>) -> anyhow::Result<ExitCode> {
    interrupt::die_with_parent()?;
    let transport = by_name(transport).ok_or_else(|| anyhow!("there is no transport `{transport}`"))?;
    let input = input.map(str::parse).transpose().context("the number of an input")?;
    child::conduct(&named(attack)?, transport, input, &mut |line| {
        Ok(print::out(&format!("{}\n", serde_json::to_string(line)?))?)
    })?;
    Ok(ExitCode::SUCCESS)
}
