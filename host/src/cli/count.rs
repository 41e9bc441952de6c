//! `weft count`: exact figures, and whether a change made them worse.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};

use crate::cell::{Filter, Matrix, counted_messages, messages_from_environment};
use crate::exact::{Changed, Differences, ExactFile, tables};
use crate::record::files::replace;
use crate::run::count;
use crate::variables;
use crate::{json, print};

/// Counts instructions, bytes moved, allocations, copies and crossings of every cell; times nothing
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo weft count\n  cargo weft count log@1/own\n  \
                        cargo weft count --format json > exact.json\n  \
                        cargo weft count --write results/exact.json\n  \
                        cargo weft count --check results/exact.json\n\n\
                        The figures are the same on every run and every machine. --check exits with 3 where one grew \
                        and neither\nthe toolchain nor a library that the guests are made of differs. \
                        docs/METHODOLOGY.md says what each figure means.")]
pub struct Count {
    /// A regular expression over `<message>/<task>/<codec>/<transport>`
    #[arg(value_parser = Filter::pattern)]
    filter: Option<Filter>,
    /// Which matrix: quick, core or full. Without it what results/exact.json holds: every kind of message with all tasks,
    /// over the transports of the core matrix
    #[arg(long)]
    matrix: Option<Matrix>,
    /// How to print the figures
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Keep the figures in this file; takes no filter and no matrix
    #[arg(long, value_name = "FILE", conflicts_with_all = ["filter", "check", "matrix"])]
    write: Option<PathBuf>,
    /// Compare with the figures in this file, and print what differs
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
}

/// The forms of the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs, with bytes by region
    Json,
}

impl Count {
    /// Counts, and prints, writes or checks.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        // Before the work, so that nobody waits for it in vain.
        let kept = self.check.as_deref().map(load).transpose()?;
        let target = self.write.as_deref().map(Target::open).transpose()?;
        let messages = messages_from_environment()?;
        if let (Some(path), Some(_)) = (&self.write, &messages) {
            bail!("{} would not keep a whole matrix; unset {}", path.display(), variables::MESSAGES.name);
        }
        let whole = self.filter.is_none() && messages.is_none() && self.matrix.is_none();
        let messages = messages.or_else(|| self.matrix.is_none().then(counted_messages));
        let file = count(self.matrix.unwrap_or(Matrix::Core), messages.as_deref(), self.filter.as_ref())?;
        match (&kept, target) {
            (Some(kept), _) => return self.checked(kept, &file, whole),
            (None, Some(target)) => target.write(&file)?,
            (None, None) if self.format == Format::Json => print::out(&file.to_json()?)?,
            (None, None) => print::out(&tables::text(&file))?,
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Prints what differs from the kept figures; exit code 3 where something grew.
    fn checked(&self, kept: &ExactFile, file: &ExactFile, whole: bool) -> anyhow::Result<ExitCode> {
        let differences = Differences::between(kept, file, whole);
        match self.format {
            Format::Json => print::out(&format!("{}\n", serde_json::to_string_pretty(&differences)?))?,
            Format::Table => print::out(&self.told(&differences))?,
        }
        Ok(if differences.grew.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) })
    }

    /// What differs, a line each.
    fn told(&self, differences: &Differences) -> String {
        let Differences { grew, shrank, excused, circumstances, new, gone } = differences;
        let mut lines: Vec<String> = circumstances.iter().map(|circumstance| format!("note: {circumstance}")).collect();
        lines.extend(list("GREW", grew));
        lines.extend(list("shrank", shrank));
        lines.extend(list("differs, which the change is not blamed for", excused));
        lines.extend(new.iter().map(|row| format!("not kept yet: {row}")));
        lines.extend(gone.iter().map(|row| format!("not counted any more: {row}")));
        lines.push(format!(
            "{} figures grew, {} shrank, {} differ with the toolchain or a library",
            grew.len(),
            shrank.len(),
            excused.len()
        ));
        if [grew, shrank, excused].iter().any(|list| !list.is_empty()) || !new.is_empty() || !gone.is_empty() {
            let path = self.check.as_deref().unwrap_or(Path::new("results/exact.json")).display();
            lines.push(format!("where that is meant: cargo weft count --write {path}"));
        }
        lines.join("\n") + "\n"
    }
}

/// A file that will be replaced in one step.
struct Target<'a>(&'a Path);

impl<'a> Target<'a> {
    /// Makes sure that the file can be written, and changes nothing.
    fn open(path: &'a Path) -> anyhow::Result<Self> {
        let shown = path.display();
        if path.is_dir() {
            bail!("cannot write {shown}: it is a directory; name a file in it");
        }
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        tempfile::tempfile_in(directory).with_context(|| format!("cannot write {shown}"))?;
        Ok(Self(path))
    }

    fn write(self, file: &ExactFile) -> anyhow::Result<()> {
        let shown = self.0.display();
        replace(self.0, file.to_json()?.as_bytes()).with_context(|| format!("cannot write {shown}"))?;
        let rows = file.encode.len() + file.read.len() + file.transport.len() + file.found.len();
        Ok(print::out(&format!("{shown}: {rows} rows\n"))?)
    }
}

fn load(path: &Path) -> anyhow::Result<ExactFile> {
    let shown = path.display();
    let text = json::text(path)
        .with_context(|| format!("cannot read {shown}; `cargo weft count --write {shown}` makes it"))?;
    ExactFile::read(&text).map_err(|error| anyhow!("{shown}: {error}"))
}

fn list<'a>(what: &'a str, changes: &'a [Changed]) -> impl Iterator<Item = String> + 'a {
    let value = |value: Option<f64>| value.map_or_else(|| "unknown".to_owned(), |value| value.to_string());
    let line =
        move |Changed { figure, old, new }: &Changed| format!("{what}: {figure}: {} → {}", value(*old), value(*new));
    changes.iter().map(line)
}
