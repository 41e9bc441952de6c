//! The environment variables that weft reads, in one table: the help of every command and `docs/ENVIRONMENT.md` print it.

use std::env::{self, VarError};
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::spelling::nearest;

/// An environment variable. One that is set to nothing is as one that is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What can be written, or an example of it.
    pub value: &'static str,
    /// What it does, and what holds without it.
    pub about: &'static str,
    /// Which commands read it.
    pub read_by: &'static str,
}

/// A variable is set to what it cannot be, or there is none of its name: an error of usage, like a flag that there is none of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Misset(pub String);

/// How much is measured.
pub const MATRIX: Variable = Variable {
    name: "WEFT_MATRIX",
    value: "quick, core or full",
    about: "how much is measured; without it quick, of cargo bench",
    read_by: "cargo bench; cargo weft verify and race, where there is no --matrix",
};

/// Messages in place of the matrix' own.
pub const MESSAGES: Variable = Variable {
    name: "WEFT_MESSAGES",
    value: "log@10,blob@1024",
    about: "messages of any size in place of the matrix' own, all tasks of each; cargo weft list prints kinds and sizes",
    read_by: "cargo bench; cargo weft list, verify, count, race",
};

/// Hosts beside weft's own.
pub const HOSTS: Variable = Variable {
    name: "WEFT_HOSTS",
    value: "native,node",
    about: "hosts that are measured beside weft's own; cargo weft hosts lists them (docs/HOSTS.md)",
    read_by: "cargo bench",
};

/// Guests of the user's own.
pub const GUESTS: Variable = Variable {
    name: "WEFT_GUESTS",
    value: "a directory",
    about: "guests of your own, beside the workspace's or in place of those of the same name (docs/ABI.md)",
    read_by: "cargo bench; cargo weft list, verify, count, race, attack",
};

/// What guests may take.
pub const LIMITS: Variable = Variable {
    name: "WEFT_LIMITS",
    value: "memory=256MiB,table=1000,instances=16,stack=256KiB",
    about: "what a guest may take, each limit where it is given (docs/ABI.md)",
    read_by: "cargo bench; cargo weft verify, count, race, attack",
};

/// How many placements a reading is the mean of.
pub const PLACEMENTS: Variable = Variable {
    name: "WEFT_PLACEMENTS",
    value: "1 to 16",
    about: "how many placements a reading of a cell is the mean of; without it 2, in a full run 1 (docs/METHODOLOGY.md)",
    read_by: "cargo bench",
};

/// A name for the run.
pub const RUN_NAME: Variable = Variable {
    name: "WEFT_RUN_NAME",
    value: "before",
    about: "the name of the run's directory, which must not be there yet; without it the time and the matrix",
    read_by: "cargo bench",
};

/// A run to go on with.
pub const RESUME: Variable = Variable {
    name: "WEFT_RESUME",
    value: "a run's name or directory",
    about: "an interrupted run to go on with, by the command that began it; build and machine must be the same (docs/METHODOLOGY.md)",
    read_by: "cargo bench",
};

/// Where runs are kept.
pub const RESULTS: Variable = Variable {
    name: "WEFT_RESULTS",
    value: "a directory",
    about: "where runs and the outcomes of attacks are kept and looked for, from the workspace's root; without it results",
    read_by: "cargo bench; cargo weft report, compare, attack",
};

/// The browser of tests and pictures.
pub const CHROMIUM: Variable = Variable {
    name: "WEFT_CHROMIUM",
    value: "a path",
    about: "the Chromium that pages are tested in and pictures made with; without it the one on the PATH",
    read_by: "cargo test, docs/pictures.sh, .ci/run",
};

/// Whether tests write what they hold.
pub const UPDATE: Variable = Variable {
    name: "WEFT_UPDATE",
    value: "1",
    about: "tests of documents that are generated write them, instead of failing where they are not current",
    read_by: "cargo test",
};

/// All of them; those of measuring first.
pub const ALL: [Variable; 11] =
    [MATRIX, MESSAGES, HOSTS, GUESTS, LIMITS, PLACEMENTS, RUN_NAME, RESUME, RESULTS, CHROMIUM, UPDATE];

impl Variable {
    /// What it is set to. None where it is not set.
    ///
    /// # Errors
    /// Where that is no text.
    pub fn text(&self) -> Result<Option<String>, Misset> {
        match env::var(self.name) {
            Ok(text) => Ok(Some(text).filter(|text| !text.is_empty())),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(Misset(format!("{} is set to something that is no text", self.name))),
        }
    }

    /// How it is set to this, where a command is typed.
    pub fn assigned(&self, value: &str) -> String {
        format!("{}={}", self.name, quoted(value))
    }

    /// The path that it is set to. None where it is not set.
    pub fn path(&self) -> Option<PathBuf> {
        env::var_os(self.name).filter(|path| !path.is_empty()).map(PathBuf::from)
    }
}

/// How the names of all begin.
const PREFIX: &str = "WEFT_";

/// What cargo sets for the programs that it runs, because their build scripts do.
pub const OF_BUILDS: [&str; 3] = ["WEFT_NATIVE_RUSTC", "WEFT_RUSTC_VERSION", "WEFT_TARGET_DIRECTORY"];

/// Refuses a variable of weft's that there is none of: who misspells one would measure something else than was asked for.
///
/// # Errors
/// Where one is set, with the name that was likely meant.
pub fn none_is_unknown() -> Result<(), Misset> {
    let set = env::vars_os().filter(|(_, value)| !value.is_empty());
    let unknown = set.map(|(name, _)| name.to_string_lossy().into_owned()).find(|name| is_unknown(name));
    unknown.map_or(Ok(()), |name| Err(Misset(refused(&name))))
}

fn is_unknown(name: &str) -> bool {
    name.starts_with(PREFIX) && ALL.iter().all(|known| known.name != name) && !OF_BUILDS.contains(&name)
}

fn refused(name: &str) -> String {
    let meant = nearest(name, ALL.iter().map(|known| known.name));
    let meant = meant.map_or_else(|| ".".to_owned(), |meant| format!("; did you mean {meant}?"));
    format!("{name} is set, and weft has no such variable{meant} Unset it; `cargo weft environment` prints all")
}

/// The table for a terminal.
pub fn help() -> String {
    let mut text = String::from("Environment variables (docs/ENVIRONMENT.md):\n");
    for Variable { name, value, about, read_by } in ALL {
        let _ = writeln!(text, "  {name:<15} {value}\n  {:<15} {about}\n  {:<15} read by {read_by}", "", "");
    }
    text
}

/// The table for `docs/ENVIRONMENT.md`.
pub fn markdown() -> String {
    let mut text = String::from("| variable | value | what it does | read by |\n|---|---|---|---|\n");
    for Variable { name, value, about, read_by } in ALL {
        let _ = writeln!(text, "| `{name}` | {value} | {about} | {read_by} |");
    }
    text
}

/// A command as it would be typed, with the variables before it that are set and that `cargo bench` reads; but for these.
pub fn typed(command: &str, arguments: &[String], without: &[Variable]) -> String {
    let of_bench = ALL.into_iter().filter(|variable| variable.read_by.starts_with("cargo bench"));
    let with: Vec<Variable> = of_bench.filter(|variable| !without.contains(variable)).collect();
    typed_with(command, arguments, &with)
}

/// A command as it would be typed, with those of these variables before it that are set.
pub fn typed_with(command: &str, arguments: &[String], with: &[Variable]) -> String {
    let set = with.iter().filter_map(|variable| {
        let value = env::var_os(variable.name).filter(|value| !value.is_empty())?;
        Some(variable.assigned(&value.to_string_lossy()))
    });
    let words = set.chain([command.to_owned()]).chain(arguments.iter().map(|argument| quoted(argument)));
    words.collect::<Vec<_>>().join(" ")
}

/// A command that is typed, without those of these variables that are set before it.
pub fn without(command: &str, dropped: &[Variable]) -> String {
    let (mut kept, mut rest) = (String::new(), command);
    while let Some((name, _)) = rest.split_once('=').filter(|(name, _)| is_variable(name)) {
        let (word, after) = rest.split_at(first_word(rest));
        if dropped.iter().all(|variable| variable.name != name) {
            kept = kept + word + " ";
        }
        rest = after.trim_start();
    }
    kept + rest
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

/// Where the first word of a command ends, as [`quoted`] writes words.
fn first_word(command: &str) -> usize {
    let (mut in_quotes, mut is_escaped) = (false, false);
    let end = command.char_indices().find(|(_, c)| {
        let is_text = std::mem::take(&mut is_escaped);
        match c {
            '\'' if !is_text => in_quotes = !in_quotes,
            '\\' if !is_text => is_escaped = !in_quotes,
            _ => {}
        }
        *c == ' ' && !in_quotes && !is_text
    });
    end.map_or(command.len(), |(place, _)| place)
}

/// A word as a shell reads it as one.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./,:=@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, GUESTS, PREFIX, RUN_NAME, is_unknown, quoted, refused, typed, without};

    #[test]
    fn words_are_quoted_where_a_shell_would_not_read_them_as_one() {
        for plain in ["log@1/own", "a=b,c", "-v", "native+glibc", "reference", "results/a_b.c"] {
            assert_eq!(quoted(plain), plain);
        }
        for (word, expected) in [
            ("a|b", "'a|b'"),
            ("", "''"),
            ("it's", r"'it'\''s'"),
            ("a b", "'a b'"),
            ("^log@1/(own|peek)/", "'^log@1/(own|peek)/'"),
            ("^x$", "'^x$'"),
        ] {
            assert_eq!(quoted(word), expected);
        }
        let command = typed("cargo bench --", &["a|b".to_owned(), "c".to_owned()], &[]);
        assert!(command.ends_with("cargo bench -- 'a|b' c"), "{command}");
    }

    #[test]
    fn a_misspelt_variable_is_refused_with_the_one_that_was_meant() {
        let ours = |end: &str| format!("{PREFIX}{end}");
        assert_eq!(["WEFT_MATRIX", "WEFT_RUSTC_VERSION", "PATH"].map(is_unknown), [false; 3]);
        assert_eq!(["MATRX", "", "ROUNDS", "matrix"].map(|end| is_unknown(&ours(end))), [true; 4]);
        assert!(
            refused(&ours("MATRX")).contains("MATRX is set, and weft has no such variable; did you mean WEFT_MATRIX?")
        );
        assert!(!refused(&ours("OPTIMISATION")).contains("did you mean"));
    }

    #[test]
    fn variables_are_taken_out_of_a_command() {
        let command =
            r"WEFT_GUESTS='it'\''s in a=b' WEFT_RUN_NAME=x WEFT_MATRIX=core cargo bench -- 'log WEFT_RUN_NAME=x '";
        let named = command.replacen("WEFT_RUN_NAME=x ", "", 1);
        assert_eq!(without(command, &[RUN_NAME]), named);
        assert_eq!(without(command, &[RUN_NAME, GUESTS]), "WEFT_MATRIX=core cargo bench -- 'log WEFT_RUN_NAME=x '");
        for command in ["cargo bench", "", "WEFT_MATRIX=core cargo bench -- a=b"] {
            assert_eq!(without(command, &[RUN_NAME]), command);
        }
    }

    #[test]
    fn each_is_there_once() {
        let mut names = ALL.map(|variable| variable.name);
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
