//! Going on with a run that was interrupted: whether that can be, and why not otherwise.
//!
//! The whole rounds are kept, and what came of a round that did not end is measured again. So every cell has its reading of a
//! round from the one process that made it, and the run is what it would have been in one go: rounds are independent of each
//! other, and the order of each is drawn from its number.

use std::collections::BTreeMap;
use std::fmt::Display;

use anyhow::{Context, bail};

use super::made_of;
use super::plan::Plan;
use super::prepare::Prepared;
use crate::protocol::Engine;
use crate::record::{
    CodecRecord, Environment, Record, Resumption, RunDirectory, Unfinished, machine, results_directory,
};
use crate::variables;

/// A run that is gone on with.
pub struct Resumed {
    /// Its directory, which this process has for itself.
    pub directory: RunDirectory,
    /// What it had found.
    pub record: Record,
    /// What it can be gone on with.
    pub unfinished: Unfinished,
}

impl Resumed {
    /// Opens the run that a plan goes on with.
    ///
    /// # Errors
    /// Where there is none, it is complete, it does not have what is needed, or it was asked for something else.
    pub fn open(plan: &Plan, name: &str) -> anyhow::Result<Self> {
        let mut directory = RunDirectory::open(&results_directory(), name)?;
        directory.hold()?;
        let mut record = directory.record()?;
        let shown = directory.shown().display().to_string();
        if record.complete {
            bail!("{shown} is complete: there is nothing to go on with");
        }
        let unfinished = record.unfinished.take();
        let unfinished = unfinished.with_context(|| {
            format!("{shown} does not say what its rounds found, so nothing can go on with it; measure anew")
        })?;
        let others = asked_otherwise(plan, &record);
        if !others.is_empty() {
            bail!("{shown} was asked for something else: {}; {}", others.join("; "), again(&record, name));
        }
        Ok(Self { directory, record, unfinished })
    }

    /// The run's record, for a process that goes on with what was prepared here.
    ///
    /// # Errors
    /// Where build or machine are not those that the run began with: in what they differ.
    pub fn record_here(&self, now: &Environment, prepared: &Prepared) -> anyhow::Result<Record> {
        let before = &self.record.environment;
        let mut differences = builds(before, now);
        differences.extend(made_of::others(&self.unfinished.parts, &made_of::of(prepared)));
        let hosts = prepared.hosts.iter().map(|plan| (plan.host.name.as_str(), &plan.greeting.engine)).collect();
        differences.extend(engines(&self.record, &hosts));
        differences.extend(other_machine(before, now));
        if !differences.is_empty() {
            let shown = self.directory.shown().display();
            bail!("nothing can go on with {shown} here: {}; measure anew, or go back to that", differences.join("; "));
        }
        let mut record = self.record.clone();
        let (at, load) = (now.started.clone(), now.load_at_start);
        record.resumed.push(Resumption { at, after_rounds: record.whole_rounds.unwrap_or(0), load });
        Ok(record)
    }
}

/// What tells that this is another machine. What the system does not say of this one, it did not say of it before.
fn other_machine(before: &Environment, now: &Environment) -> Vec<String> {
    let machines = machine::differences(before, now).into_iter().filter(|it| it.old != it.new);
    machines.map(|it| differs(&format!("machine: {}", it.key), &it.old, &it.new)).collect()
}

/// In words, that something differs.
fn differs(what: &str, old: &impl Display, new: &impl Display) -> String {
    format!("{what} was {old} and is {new}")
}

/// The same where it does.
fn differ<T: PartialEq>(what: &str, old: &T, new: &T, words: impl Fn(&T) -> String) -> Option<String> {
    (old != new).then(|| differs(what, &words(old), &words(new)))
}

/// What a plan asks for that a run was not asked for.
fn asked_otherwise(plan: &Plan, record: &Record) -> Vec<String> {
    let hosts: Vec<String> = record.hosts.keys().cloned().collect();
    let mut planned: Vec<String> = plan.hosts.iter().map(|host| host.name.clone()).collect();
    planned.sort();
    let messages: Vec<String> = plan.messages.iter().flatten().map(ToString::to_string).collect();
    let text = |filter: &Option<String>| filter.clone().map_or_else(|| "none".to_owned(), |text| format!("`{text}`"));
    let list = |list: &Vec<String>| if list.is_empty() { "the matrix' own".to_owned() } else { list.join(",") };
    let placements = record.environment.placements.unwrap_or(plan.placements);
    [
        differ("the matrix", &record.matrix, &plan.matrix.name().to_owned(), Clone::clone),
        differ("the messages", &record.messages, &messages, list),
        differ("the filter", &record.filter, &plan.filter.text(), text),
        differ("the hosts", &hosts, &planned, |hosts| hosts.join(",")),
        differ("placements", &placements, &plan.placements, ToString::to_string),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How to go on with a run of this name.
pub fn again(record: &Record, name: &str) -> String {
    let command = variables::without(&record.environment.command_line, &[variables::RUN_NAME]);
    format!("go on with it by the command that began it: {} {command}", variables::RESUME.assigned(name))
}

/// In what the build of a run and this one differ.
fn builds(old: &Environment, new: &Environment) -> Vec<String> {
    let text = |text: &String| text.clone();
    let program =
        |program: &Option<String>| -> String { program.as_deref().unwrap_or("unknown").chars().take(12).collect() };
    let limits = |environment: &Environment| environment.limits.map(|limits| format!("{limits:?}")).unwrap_or_default();
    let mut differences: Vec<String> = [
        differ("rustc", &old.rustc, &new.rustc, text),
        differ("wasmtime", &old.wasmtime, &new.wasmtime, text),
        differ("the engine", &old.engine, &new.engine, text),
        differ("the engine's features", &old.features, &new.features, |features| features.join(",")),
        differ("the limits", &limits(old), &limits(new), text),
        differ("the number of rounds", &old.rounds, &new.rounds, ToString::to_string),
        differ("the seed", &old.seed, &new.seed, ToString::to_string),
    ]
    .into_iter()
    .flatten()
    .collect();
    if old.program_sha256.is_none() || old.program_sha256 != new.program_sha256 {
        let (before, now) = (program(&old.program_sha256), program(&new.program_sha256));
        let revisions = differs("its revision", &old.git_revision, &new.git_revision);
        differences.push(format!("{} ({revisions})", differs("the build of weft", &before, &now)));
    }
    differences.extend(guests(&old.codecs, &new.codecs));
    differences
}

/// Which guests are others.
fn guests(old: &BTreeMap<String, CodecRecord>, new: &BTreeMap<String, CodecRecord>) -> Option<String> {
    let same = |name: &String| {
        let both = old.get(name).zip(new.get(name));
        both.is_some_and(|(old, new)| old.producer == new.producer && old.consumer == new.consumer)
    };
    let mut others: Vec<&str> = old.keys().chain(new.keys()).filter(|name| !same(name)).map(String::as_str).collect();
    others.sort_unstable();
    others.dedup();
    (!others.is_empty()).then(|| format!("the guests of {} are others", others.join(", ")))
}

/// Which hosts run guests in another way.
fn engines(record: &Record, hosts: &BTreeMap<&str, &Engine>) -> Vec<String> {
    let words = |engine: &Engine| format!("{} {} ({})", engine.name, engine.version, engine.settings);
    let of = |(name, host): (&String, _)| {
        let (old, new): (&Engine, &&Engine) = (host, hosts.get(name.as_str())?);
        (old != *new).then(|| differs(&format!("the engine of {name}"), &words(old), &words(new)))
    };
    record.hosts.iter().filter_map(|(name, host)| of((name, &host.engine))).collect()
}

#[cfg(test)]
mod tests {
    use super::{again, other_machine};
    use crate::record::fixture;

    #[test]
    fn what_a_system_never_says_of_a_machine_makes_it_no_other() {
        let mut before = fixture::record(&fixture::run()).environment;
        before.machine.l2_bytes = None;
        let mut now = before.clone();
        assert_eq!(other_machine(&before, &now), Vec::<String>::new());
        now.machine.l2_bytes = Some(1 << 20);
        assert_eq!(other_machine(&before, &now), ["machine: l2_bytes was unknown and is 1 MiB"]);
    }

    /// A resumed run has its name: whoever says both is told to say one.
    #[test]
    fn the_command_to_go_on_with_names_no_run() {
        let mut record = fixture::record(&fixture::run());
        let mut said = |command: &str| {
            record.environment.command_line = command.to_owned();
            again(&record, "ref")
        };
        let filtered = "cargo bench -- 'log WEFT_RUN_NAME=x '";
        for typed in [format!("WEFT_RUN_NAME=ref {filtered}"), format!("WEFT_MATRIX=core WEFT_RUN_NAME=ref {filtered}")]
        {
            let expected = typed.replacen("WEFT_RUN_NAME=ref ", "", 1);
            assert!(said(&typed).ends_with(&format!("began it: WEFT_RESUME=ref {expected}")), "{}", said(&typed));
        }
        assert!(said(filtered).ends_with(&format!("WEFT_RESUME=ref {filtered}")));
    }
}
