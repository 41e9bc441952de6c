//! `weft race`: this working tree against something else, in alternation.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::asked_matrix;
use super::threshold::threshold;
use crate::cell::{Filter, Matrix};
use crate::guests;
use crate::hosts::{HostError, KnownHost};
use crate::interrupt;
use crate::print;
use crate::race::{self, Against, Format, Options, Raced};

/// Races this working tree against other guests, another host or itself, in alternation: what an edit changed
#[derive(Args)]
#[command(after_help = "Examples:
  cargo weft race 'log@1/own/bincode' --against HEAD      after an edit
  cargo weft race --against main --time 5m --threshold 2%
  cargo weft race 'log@1/own' --against wasmtime+epochs   what a setting costs
  cargo weft race 'log@1/own/bytes'                       nothing differs: what this machine could show

The ratio is new/old, and this working tree is new. Cells whose guests are the same bytes are not raced; some of them run
along as controls. Verdicts are looked at after 8, 16, 32 and 64 pairs, and at no other time; a cell is `same` where it
lies within the threshold, `faster` or `slower` where it differs significantly among all that are raced (Holm), otherwise
`unsure`. docs/STATISTICS.md says why.

How --time is used: a first lap, which does not count, shows how long a pair takes. Each reading is then the mean over as
many placements, up to 8, as let 64 pairs fit. The first look is waited for, however long its 8 pairs take. The race ends
when every cell is decided, after 64 pairs, or when the time is up: more time than 64 pairs of 8 placements take is not used.

Exit codes: 0 fine, 1 failure, 2 usage, 3 what --fail-on names was found, 130 and 143 ended by a signal.")]
pub struct Race {
    /// Only cells that this regular expression finds, over `<message>/<task>/<codec>/<transport>`
    #[arg(value_name = "FILTER", value_parser = Filter::pattern)]
    filter: Option<Filter>,
    /// A host or setting (`cargo weft hosts`), a directory of guests, another checkout, or a git revision. Without it the
    /// race is a control, in which nothing differs
    #[arg(long, value_name = "WHAT")]
    against: Option<String>,
    /// With the host of that revision or checkout as well, which `wasmtime@<revision>` says too; it is built first, which takes
    /// minutes
    #[arg(long, requires = "against")]
    host_too: bool,
    /// For how long, beside building and verifying: 60s, 5m
    #[arg(long, default_value = "60s", value_parser = humantime::parse_duration)]
    time: Duration,
    /// The smallest change that matters: 5% or 0.05
    #[arg(long, default_value = "5%", value_parser = threshold)]
    threshold: f64,
    /// Of which matrix the cells are; without it, and without WEFT_MATRIX, the smallest that has any
    #[arg(long, value_name = "NAME")]
    matrix: Option<Matrix>,
    /// Exit with 3 when this working tree is worse: a cell is `slower`, or an exact figure grew
    #[arg(long, value_name = "WHAT")]
    fail_on: Option<FailOn>,
    /// What to print
    #[arg(long, default_value = "text")]
    format: Format,
}

/// What may make the command fail.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// A slower cell, or a grown exact figure
    Slower,
}

impl Race {
    /// Races, and prints what was found.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let options = Options {
            filter: self.filter.clone().unwrap_or_default(),
            matrix: asked_matrix(self.matrix)?,
            time: self.time,
            threshold: self.threshold,
        };
        let raced = race::race(&options, &self.opponent()?)?;
        print::out(&self.format.render(&raced)?)?;
        Ok(self.exit_code(&raced))
    }

    fn opponent(&self) -> anyhow::Result<Against> {
        let Some(what) = self.against.as_deref() else { return Ok(Against::Itself) };
        match KnownHost::named(what) {
            Ok(_) if self.host_too => bail!("`{what}` is a host; --host-too is for a revision or a checkout"),
            Ok(host) => return Ok(Against::Host(host.ready()?)),
            Err(HostError::OtherBuild { tree }) => return Ok(Against::Build(guests::Against::of(&tree)?)),
            Err(HostError::Unknown { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let against = guests::Against::of(what)?;
        Ok(if self.host_too { Against::Build(against) } else { Against::Guests(against) })
    }

    fn exit_code(&self, raced: &Raced) -> ExitCode {
        if let Some(signal) = interrupt::asked() {
            return ExitCode::from(signal.exit_code());
        }
        let worse = self.fail_on == Some(FailOn::Slower) && raced.worse();
        if worse { ExitCode::from(3) } else { ExitCode::SUCCESS }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Against, Race};
    use crate::guests::workspace;
    use crate::hosts::KnownHost;

    #[derive(Parser)]
    struct Typed {
        #[command(flatten)]
        race: Race,
    }

    fn opponent(arguments: &[&str]) -> anyhow::Result<Against> {
        Typed::parse_from([&["race"], arguments].concat()).race.opponent()
    }

    /// Errors call the host of another build so.
    #[test]
    fn the_host_of_another_build_goes_by_the_name_that_errors_give_it() {
        let checkout = workspace().display().to_string();
        let name = format!("wasmtime@{checkout}");
        let labels =
            [&["--against", &name][..], &["--against", &name, "--host-too"], &["--against", &checkout, "--host-too"]]
                .map(|arguments| match opponent(arguments).expect("a checkout") {
                    Against::Build(guests) => guests.label().to_owned(),
                    other => panic!("{arguments:?} is {other:?}"),
                });
        assert_eq!(labels, [""; 3].map(|_| checkout.clone()));
        assert!(matches!(opponent(&["--against", &checkout]), Ok(Against::Guests(_))));
        let unknown = opponent(&["--against", "wasmtime@no-such-thing"]).expect_err("no revision").to_string();
        assert!(unknown.contains("no-such-thing") && unknown.contains("git revision"), "{unknown}");
        let elsewhere = KnownHost::named("wasmtime@732d016").expect_err("no host of a run").to_string();
        assert!(elsewhere.ends_with("cargo weft race --against wasmtime@732d016"), "{elsewhere}");
    }
}
