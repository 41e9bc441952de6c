//! What hostile guests do over each transport, as a run knows it: `cargo weft attack` finds it out, and `run.json` has it beside the times.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::environment::{git_revision, kernel, now};
use super::{Machine, files, format};
use crate::json;

/// What came of an attack over a transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// There is nothing to try, and a reason.
    NotApplicable,
    /// It may be possible, and nobody has tried.
    NotTested,
    /// Neither the other guest nor the host was harmed: the attack was refused, or its guest stopped, or nothing came of it.
    Contained,
    /// The other guest's memory was read or written, or its next message was wrong.
    PeerHarmed,
    /// The host died, hung, took too much memory, or could not join an honest pair afterwards.
    HostHarmed,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::NotApplicable, Self::NotTested, Self::Contained, Self::PeerHarmed, Self::HostHarmed];

    /// The words in sentences and documents.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotApplicable => "not applicable",
            Self::NotTested => "not tested",
            Self::Contained => "contained",
            Self::PeerHarmed => "peer harmed",
            Self::HostHarmed => "host harmed",
        }
    }

    /// The mark in tables.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::NotApplicable => "–",
            Self::NotTested => "?",
            Self::Contained => "·",
            Self::PeerHarmed => "PEER",
            Self::HostHarmed => "HOST",
        }
    }
}

/// The outcomes of all attacks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Attacks {
    /// When and with what they were tried. None where nobody has, with this build on this machine: then these are the outcomes that
    /// `docs/ISOLATION.md` promises.
    pub tried: Option<Tried>,
    /// Attack → transport → outcome. Of attacks that there are for each codec, the worst over the codecs.
    pub outcomes: BTreeMap<String, BTreeMap<String, Outcome>>,
}

/// When attacks were tried, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tried {
    /// When they were done, in UTC (RFC 3339).
    pub at: String,
    /// The revision of the project, with `-dirty` where files were changed; `unknown` outside git.
    pub git_revision: String,
    /// The operating system and its kernel.
    pub kernel: String,
    /// The machine.
    pub machine: Machine,
}

impl Tried {
    /// Now, with this build on this machine.
    pub fn now() -> Self {
        Self { at: now(), git_revision: git_revision(), kernel: kernel(), machine: Machine::here() }
    }

    /// Whether both are of one build on one machine. Of changed files nobody knows how they were changed.
    pub fn is_like(&self, other: &Self) -> bool {
        let is_known = self.git_revision != "unknown" && !self.git_revision.ends_with("-dirty");
        let with = |tried: &Self| (tried.git_revision.clone(), tried.kernel.clone(), tried.machine.clone());
        is_known && with(self) == with(other)
    }
}

impl Attacks {
    /// Adds an outcome, where it is the worst of its attack over its transport.
    pub fn add(&mut self, attack: &str, transport: &str, outcome: Outcome) {
        let worst = self.outcomes.entry(attack.to_owned()).or_default().entry(transport.to_owned());
        let worst = worst.or_insert(outcome);
        *worst = (*worst).max(outcome);
    }

    /// The attacks whose outcome over one of some transports was at least as bad as this.
    pub fn at_least(&self, transports: &[&str], least: Outcome) -> BTreeSet<&str> {
        let is_so =
            |(transport, outcome): (&String, &Outcome)| transports.contains(&transport.as_str()) && *outcome >= least;
        let attacks = self.outcomes.iter().filter(|(_, of)| of.iter().any(is_so));
        attacks.map(|(attack, _)| attack.as_str()).collect()
    }

    /// The file among the results that has the last ones that were tried.
    pub fn file(results: &Path) -> PathBuf {
        results.join("attack.json")
    }

    /// Keeps them among the results, for the runs to come.
    ///
    /// # Errors
    /// Where the file cannot be written; then the last one is still there.
    pub fn keep(&self, results: &Path) -> anyhow::Result<()> {
        let path = Self::file(results);
        files::make_directories(results)
            .and_then(|()| files::replace(&path, &format::readable(self)?))
            .with_context(|| format!("{} cannot be written", path.display()))
    }

    /// Those that were kept. None where there are none.
    ///
    /// # Errors
    /// Where the file cannot be read, or holds something else.
    pub fn kept(results: &Path) -> anyhow::Result<Option<Self>> {
        let path = Self::file(results);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(json::read(&text).with_context(|| path.display().to_string())?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Attacks, Machine, Outcome, Tried};

    fn tried(git_revision: &str, kernel: &str) -> Tried {
        let (git_revision, kernel) = (git_revision.to_owned(), kernel.to_owned());
        Tried { at: "2026-11-29T00:00:00Z".to_owned(), git_revision, kernel, machine: Machine::default() }
    }

    #[test]
    fn one_build_on_one_machine_is_the_same_revision_and_nothing_changed() {
        let of = |old: &str, new: &str| tried(old, "6.18").is_like(&tried(new, "6.18"));
        assert!(of("abc", "abc"));
        assert!(!of("abc", "abd") && !of("abc-dirty", "abc-dirty") && !of("unknown", "unknown"));
        assert!(!tried("abc", "6.18").is_like(&tried("abc", "6.19")));
    }

    #[test]
    fn the_worst_of_several_codecs_counts() {
        let mut attacks = Attacks::default();
        for outcome in [Outcome::Contained, Outcome::PeerHarmed, Outcome::NotApplicable] {
            attacks.add("changed-", "linked", outcome);
        }
        attacks.add("other", "relay", Outcome::Contained);
        assert!(attacks.at_least(&["linked", "relay"], Outcome::PeerHarmed).into_iter().eq(["changed-"]));
        assert!(attacks.at_least(&["relay"], Outcome::Contained).into_iter().eq(["other"]));
        assert!(attacks.at_least(&["pane"], Outcome::NotApplicable).is_empty());
    }

    #[test]
    fn what_is_kept_is_read_again_and_damage_is_named() {
        let results = tempfile::tempdir().expect("a directory");
        assert!(Attacks::kept(results.path()).is_ok_and(|kept| kept.is_none()));
        let mut attacks = Attacks { tried: Some(tried("abc", "6.18")), ..Attacks::default() };
        attacks.add("other", "relay", Outcome::HostHarmed);
        attacks.keep(results.path()).expect("kept");
        assert_eq!(Attacks::kept(results.path()).expect("read"), Some(attacks));
        std::fs::write(Attacks::file(results.path()), r#"{"tried": null, "outcomes": {"a": {"relay": "fine"}}}"#)
            .expect("written");
        let why = Attacks::kept(results.path()).map_err(|error| format!("{error:#}")).expect_err("damaged");
        assert!(why.contains("attack.json") && why.contains("outcomes.a.relay"), "{why}");
    }
}
