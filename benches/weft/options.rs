//! Criterion's options: which of them mean something here, and why the others do not.

use std::fmt::Write as _;

/// An option of criterion.
pub struct Opt {
    /// How it is spelled; the last is the long one.
    pub names: &'static [&'static str],
    /// Whether a value follows it.
    pub takes_value: bool,
    /// What it is for.
    pub meaning: Meaning,
}

/// What an option is for.
pub enum Meaning {
    /// Something that users want.
    Useful(&'static str),
    /// Something that cargo or criterion want, or that changes nothing.
    Accepted,
    /// Nothing: why.
    None(&'static str),
}

use Meaning::{Accepted, None as Nothing, Useful};

const READINGS: &str = "rounds decide how often and for how long things are measured, and criterion is handed readings; \
                        for more or fewer, set WEFT_MATRIX or name a filter";
const INTERVALS: &str = "criterion only shows readings; the report has the intervals";
const BASELINES: &str = "runs are compared by: cargo weft compare OLD NEW (names for them: WEFT_RUN_NAME)";
const DRAWS: &str = "criterion draws nothing here; the run's report.html does";

const fn flag(names: &'static [&'static str], meaning: Meaning) -> Opt {
    Opt { names, takes_value: false, meaning }
}

const fn value(names: &'static [&'static str], meaning: Meaning) -> Opt {
    Opt { names, takes_value: true, meaning }
}

/// All options that criterion 0.8 knows, but for `--help`.
pub const OPTIONS: [Opt; 32] = [
    flag(&["--list"], Useful("print the names of the rows, and measure nothing")),
    flag(&["--test"], Useful("measure every row once, and keep nothing")),
    flag(&["--exact"], Useful("the filter is a row's whole name")),
    flag(&["-v", "--verbose"], Useful("print criterion's outliers and estimates as well")),
    flag(&["--quiet"], Useful("print one line per row; that is what is done without an option")),
    value(&["--output-format"], Useful("criterion, or bencher: the lines that tools for the old bencher read")),
    value(&["-c", "--color"], Useful("auto, always or never")),
    value(&["--colour"], Accepted),
    value(&["--format"], Useful("of --list: pretty or terse")),
    flag(&["--bench"], Accepted),
    flag(&["--ignored"], Accepted),
    flag(&["--include-ignored"], Accepted),
    flag(&["--nocapture"], Accepted),
    flag(&["--show-output"], Accepted),
    flag(&["-n", "--noplot"], Accepted),
    flag(&["-V", "--version"], Accepted),
    value(&["--sample-size"], Nothing(READINGS)),
    value(&["--measurement-time"], Nothing(READINGS)),
    value(&["--warm-up-time"], Nothing(READINGS)),
    flag(&["--quick"], Nothing(READINGS)),
    value(&["--nresamples"], Nothing(INTERVALS)),
    value(&["--confidence-level"], Nothing(INTERVALS)),
    value(&["--noise-threshold"], Nothing(BASELINES)),
    value(&["--significance-level"], Nothing(BASELINES)),
    value(&["-s", "--save-baseline"], Nothing(BASELINES)),
    value(&["-b", "--baseline"], Nothing(BASELINES)),
    value(&["--baseline-lenient"], Nothing(BASELINES)),
    value(&["--load-baseline"], Nothing(BASELINES)),
    flag(&["--discard-baseline"], Nothing(BASELINES)),
    value(&["--plotting-backend"], Nothing(DRAWS)),
    value(
        &["--profile-time"],
        Nothing("guests run in processes of their own, where no profiler sees them (docs/HOSTS.md)"),
    ),
    flag(&["-h", "--help"], Useful("print this")),
];

/// The option that an argument is, also one with its value behind it.
pub fn find(argument: &str) -> Option<&'static Opt> {
    let name = match argument.strip_prefix("--") {
        Some(_) => argument.split('=').next()?,
        // `-sname` is `-s name`.
        None => argument.get(..2)?,
    };
    OPTIONS.iter().find(|option| option.names.contains(&name))
}

/// Those that mean something, a line each.
pub fn help() -> String {
    let mut text = String::from("Options:\n");
    for Opt { names, meaning, .. } in &OPTIONS {
        if let Useful(about) = meaning {
            let _ = writeln!(text, "  {:<18} {about}", names.join(", "));
        }
    }
    text
}
