//! What two runs were made with: on one machine or on two, and with which engine and toolchain.
//!
//! Times of two machines say nothing about what was changed, so they are not judged. Another engine or another compiler is
//! what people compare: that is judged, and said.

use serde::Serialize;

use crate::record::{Environment, machine};

/// Whether two runs are of one machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Machines {
    /// They are.
    One,
    /// They are not.
    Two,
    /// One of the runs does not say enough to tell, and what is not known is not the same.
    Unknown,
}

/// What kind of thing differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The processor, its caches and cores, what lies under the system, the kernel.
    Machine,
    /// wasmtime, its settings and features.
    Engine,
    /// The compiler.
    Toolchain,
}

impl Kind {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Engine => "engine",
            Self::Toolchain => "toolchain",
        }
    }
}

/// Something about two runs that differs, or that one of them does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What kind of thing.
    pub kind: Kind,
    /// Its key in `run.json`.
    pub key: &'static str,
    /// The old run's.
    pub old: String,
    /// The new run's.
    pub new: String,
}

/// What is said of something that a run does not say.
const UNKNOWN: &str = "unknown";

/// What differs between two environments: that of the machine first.
pub(super) fn differences(old: &Environment, new: &Environment) -> (Machines, Vec<Difference>) {
    let machine = machine::differences(old, new).into_iter();
    let mut differences: Vec<Difference> = machine
        .map(|found| Difference { kind: Kind::Machine, key: found.key, old: found.old, new: found.new })
        .collect();
    let machines = machines(&differences);
    differences.extend(compared(old, new));
    (machines, differences)
}

fn machines(differences: &[Difference]) -> Machines {
    let is_unknown = |difference: &Difference| [&difference.old, &difference.new].contains(&&UNKNOWN.to_owned());
    match differences {
        [] => Machines::One,
        some if some.iter().all(is_unknown) => Machines::Unknown,
        _ => Machines::Two,
    }
}

/// What differs about engine and toolchain.
fn compared(old: &Environment, new: &Environment) -> Vec<Difference> {
    let (old_features, new_features) = (features(old, new), features(new, old));
    let fields: [(Kind, &'static str, &str, &str); 4] = [
        (Kind::Engine, "wasmtime", &old.wasmtime, &new.wasmtime),
        (Kind::Engine, "engine", &old.engine, &new.engine),
        (Kind::Engine, "features", &old_features, &new_features),
        (Kind::Toolchain, "rustc", &old.rustc, &new.rustc),
    ];
    let differing = fields.into_iter().filter(|(_, _, old, new)| old != new);
    differing.map(|(kind, key, old, new)| Difference { kind, key, old: old.to_owned(), new: new.to_owned() }).collect()
}

/// The features that wasmtime was built with here and not there. Nothing where one of the runs does not say.
fn features(here: &Environment, there: &Environment) -> String {
    if here.features.is_empty() || there.features.is_empty() {
        return String::new();
    }
    let own: Vec<&str> =
        here.features.iter().filter(|feature| !there.features.contains(feature)).map(String::as_str).collect();
    if own.is_empty() { "none of its own".to_owned() } else { own.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Machines, differences};
    use crate::record::{Environment, Machine, fixture};

    fn of(change: fn(&mut Environment)) -> (Machines, Vec<(Kind, &'static str)>) {
        let old = fixture::record(&fixture::run()).environment;
        let mut new = old.clone();
        change(&mut new);
        let (machines, differences) = differences(&old, &new);
        (machines, differences.into_iter().map(|difference| (difference.kind, difference.key)).collect())
    }

    #[test]
    fn another_machine_is_told_from_one_that_is_not_known() {
        assert_eq!(of(|_| ()), (Machines::One, vec![]));
        assert_eq!(of(|new| new.cores = 64), (Machines::Two, vec![(Kind::Machine, "cores")]));
        let (machines, found) = of(|new| new.machine = Machine::default());
        assert!(machines == Machines::Unknown && found.len() == 10, "{found:?}");
        let (machines, _) = of(|new| (new.machine, new.cores) = (Machine::default(), 64));
        assert_eq!(machines, Machines::Two);
    }

    #[test]
    fn another_engine_or_compiler_is_no_other_machine() {
        let found = of(|new| {
            (new.wasmtime, new.engine) = ("49.0.0".to_owned(), "winch".to_owned());
            (new.rustc, new.features) = ("rustc 1.96.0".to_owned(), vec!["async".to_owned()]);
        });
        let keys = [
            (Kind::Engine, "wasmtime"),
            (Kind::Engine, "engine"),
            (Kind::Engine, "features"),
            (Kind::Toolchain, "rustc"),
        ];
        assert_eq!(found, (Machines::One, keys.to_vec()));
    }
}
