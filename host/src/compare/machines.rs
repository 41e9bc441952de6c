//! What two runs must have in common so that their times can be compared, and what is to be said of the rest.

use serde::Serialize;

use crate::record::{Environment, Record};

/// What kind of thing differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The processor, its cores, the kernel.
    Machine,
    /// wasmtime or its settings.
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

/// Something about two runs that differs, so that their times are not judged.
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

/// What differs between two environments.
pub fn differences(old: &Environment, new: &Environment) -> Vec<Difference> {
    let (cores_old, cores_new) = (old.cores.to_string(), new.cores.to_string());
    let fields: [(Kind, &'static str, &str, &str); 7] = [
        (Kind::Machine, "cpu_model", &old.cpu_model, &new.cpu_model),
        (Kind::Machine, "cores", &cores_old, &cores_new),
        (Kind::Machine, "architecture", &old.architecture, &new.architecture),
        (Kind::Machine, "kernel", &old.kernel, &new.kernel),
        (Kind::Engine, "wasmtime", &old.wasmtime, &new.wasmtime),
        (Kind::Engine, "engine", &old.engine, &new.engine),
        (Kind::Toolchain, "rustc", &old.rustc, &new.rustc),
    ];
    let differing = fields.into_iter().filter(|(_, _, old, new)| old != new);
    differing.map(|(kind, key, old, new)| Difference { kind, key, old: old.to_owned(), new: new.to_owned() }).collect()
}

/// What else a reader must know of two runs: a line each. `lonely` is how many cells have fewer than two pairs.
pub fn notes(old: &Record, new: &Record, lonely: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if old.run_id == new.run_id {
        notes.push("both are the same run, or copies of it".to_owned());
    }
    for (name, record) in [("old", old), ("new", new)] {
        let environment = &record.environment;
        if !record.complete {
            notes.push(format!("the {name} run was interrupted: it holds what it had measured until then"));
        }
        if environment.disturbed_readings > 0 {
            let readings = environment.disturbed_readings;
            notes.push(format!(
                "{readings} readings of the {name} run had no calm moments: something else used the core"
            ));
        }
    }
    if old.matrix != new.matrix {
        notes.push(format!("the matrices differ, and so does the effort: {} and {}", old.matrix, new.matrix));
    }
    if old.environment.seed != new.environment.seed {
        notes.push("the messages come from different seeds: exact figures differ because of that".to_owned());
    }
    if lonely > 0 {
        notes.push(format!("{lonely} cells are left out: with fewer than two pairs nobody knows their spread"));
    }
    notes.extend(guests(old, new));
    notes
}

/// Which codecs' guests changed, where any did.
fn guests(old: &Record, new: &Record) -> Option<String> {
    let codecs = old.environment.codecs.iter().filter_map(|(name, old)| {
        let new = new.environment.codecs.get(name)?;
        let sides = [("producer", &old.producer, &new.producer), ("consumer", &old.consumer, &new.consumer)];
        let changed: Vec<_> = sides.into_iter().filter(|(_, old, new)| old != new).map(|(side, ..)| side).collect();
        (!changed.is_empty()).then(|| format!("{name} ({})", changed.join(", ")))
    });
    let codecs: Vec<String> = codecs.collect();
    (!codecs.is_empty()).then(|| format!("guests that changed: {}", codecs.join(", ")))
}
