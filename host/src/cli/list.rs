//! `weft list`: what there is to be measured.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use weft_link::guest::{Traits, Validation};
use weft_link::transport::TRANSPORTS;
use weft_schemas::{KINDS, Task};

use crate::cell::{Matrix, MessageId, Workload, messages_from_environment, workloads};
use crate::guests::{Codec, catalog, names_replying};
use crate::lock::locked_version;
use crate::{print, variables};

/// Codecs with their traits, transports, messages; what is unsupported, and why
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo weft list\n  WEFT_GUESTS=dir cargo weft list\n\n\
                        WEFT_GUESTS names a directory with guests of your own: docs/ABI.md.")]
pub struct List {}

impl List {
    /// Prints the lists.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let messages = messages_from_environment()?;
        let codecs = catalog(|_| true).context("a guest cannot be used")?;
        let replying = names_replying()?;
        let messages = of_messages(messages.as_deref());
        let parts = [of_codecs(&codecs), of_transports(), messages, of_unsupported(&codecs, &replying)];
        print::out(&parts.concat())?;
        Ok(ExitCode::SUCCESS)
    }
}

fn of_codecs(codecs: &[Codec]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "codecs");
    for codec in codecs {
        let _ = writeln!(
            text,
            "  {:<14} {}",
            codec.name,
            codec.traits.about.as_deref().unwrap_or("it does not describe itself")
        );
        let _ = writeln!(text, "  {:<14} {}", "", described(codec));
        if let Some(directory) = &codec.directory {
            let _ = writeln!(text, "  {:<14} from {}", "", directory.display());
        }
    }
    text
}

/// A codec's library, with the version that is built in.
fn library(traits: &Traits) -> Option<String> {
    traits.library.as_deref().map(|library| match (locked_version(library), library) {
        (_, "") => "no library".to_owned(),
        (Some(version), library) => format!("{library} {version}"),
        (None, library) => library.to_owned(),
    })
}

/// What the traits are about, and what they say of it; none where they say nothing.
fn said(traits: &Traits) -> [(&'static str, Option<String>); 11] {
    let release = match (&traits.release, traits.library.as_deref()) {
        (Some(release), _) => Some(format!("released {}", release.described())),
        // Code of this project has none.
        (None, Some("")) => Some(String::new()),
        (None, _) => None,
    };
    let either = |value: Option<bool>, yes: &str, no: &str| value.map(|value| if value { yes } else { no }.to_owned());
    [
        ("library", library(traits)),
        ("release", release),
        ("schema", either(traits.schema, "schema", "no schema")),
        ("unknown fields", traits.evolution.map(|evolution| format!("skips unknown fields: {}", evolution.word()))),
        ("self-description", either(traits.self_describing, "self-describing", "not self-describing")),
        ("encoding", either(traits.encodes, "encodes", "encodes nothing")),
        ("reading", either(traits.in_place, "reads in place", "decodes")),
        ("validation", traits.validates.map(|validates: Validation| format!("validates: {}", validates.word()))),
        (
            "trailing bytes",
            either(traits.trailing_bytes, "ignores bytes behind a message", "refuses bytes behind a message"),
        ),
        ("UTF-8", either(traits.scan_checks_utf8, "scan checks UTF-8", "scan leaves UTF-8 unchecked")),
        ("buffers", either(traits.reuses_buffers, "reuses buffers", "new buffers for each message")),
    ]
}

/// A codec's traits in a line. What it does not say is left out, and said to be unknown.
fn described(codec: &Codec) -> String {
    let traits = &codec.traits;
    if traits.is_floor() {
        return [library(traits).unwrap_or_default(), "the floor".to_owned()].join(", ");
    }
    let parts = said(traits);
    let unknown: Vec<&str> = parts.iter().filter(|(_, part)| part.is_none()).map(|(what, _)| *what).collect();
    let said = parts.iter().filter_map(|(_, part)| part.clone());
    let mut words: Vec<String> = said.filter(|part| !part.is_empty()).collect();
    if let Some(bytes @ 1..) = traits.trusts_lengths {
        words.push(format!("takes up to {} KiB for a length that it has not checked", bytes.div_ceil(1024)));
    }
    if !unknown.is_empty() {
        words.push(format!("unknown: {}", unknown.join(", ")));
    }
    words.join(", ")
}

fn of_transports() -> String {
    let mut text = String::new();
    let _ = writeln!(text, "\ntransports");
    for transport in TRANSPORTS {
        let _ =
            writeln!(text, "  {:<14} isolation {:<7} {}", transport.name(), transport.isolation(), transport.about());
        if let Err(reason) = transport.supported() {
            let _ = writeln!(text, "  {:<14} unsupported here: {reason}", "");
        }
    }
    text
}

fn of_messages(chosen: Option<&[MessageId]>) -> String {
    let mut text = String::new();
    let tasks = Task::ALL.map(Task::name).join(", ");
    let _ = writeln!(text, "\nmessages (tasks: {tasks})");
    for kind in KINDS {
        let _ = match kind.sizes {
            (smallest, largest) if smallest == largest => writeln!(text, "  {}@{smallest}", kind.name),
            (smallest, largest) => {
                writeln!(text, "  {:<14} N from {smallest} to {largest}", format!("{}@N", kind.name))
            }
        };
    }
    let _ = writeln!(text, "\nmatrices");
    let line = |workloads: &[Workload]| {
        workloads.iter().map(|(message, tasks)| workload(*message, tasks)).collect::<Vec<_>>().join(", ")
    };
    for matrix in Matrix::ALL {
        let _ = writeln!(text, "  {matrix:<14} {}", line(&matrix.workloads()));
    }
    if chosen.is_some() {
        let (name, instead) = (variables::MESSAGES.name, line(&workloads(Matrix::Full, chosen)));
        let _ = writeln!(text, "\nin place of these, by {name}\n  {:<14} {instead}", "");
    }
    text
}

fn workload(message: MessageId, tasks: &[Task]) -> String {
    let tasks: Vec<_> = tasks.iter().map(|task| task.name()).collect();
    format!("{message} ({})", tasks.join(" "))
}

/// Whether a codec's guests for replies are not read: they have not been built, and need not be for this list. A codec carries in replies what it
/// carries one way, or says why not.
fn answers_unread(codec: &Codec, message: &str, replying: &[String]) -> bool {
    let is_unread = codec.replying.is_none() && codec.directory.is_none() && replying.contains(&codec.name);
    is_unread && codec.carries(message) && codec.reason(message, Task::Reply).is_none()
}

fn of_unsupported(codecs: &[Codec], replying: &[String]) -> String {
    let mut text = String::new();
    let mut reasons: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    for codec in codecs {
        for kind in KINDS {
            for task in Task::ALL {
                if task == Task::Reply && answers_unread(codec, kind.name, replying) {
                    continue;
                }
                if let Err(reason) = codec.supports(kind.name, task) {
                    reasons.entry((&codec.name, reason)).or_default().push(format!("{}/{task}", kind.name));
                }
            }
        }
    }
    if !reasons.is_empty() {
        let _ = writeln!(text, "\nunsupported");
    }
    for ((codec, reason), cells) in reasons {
        let _ = writeln!(text, "  {codec:<14} {}", cells.join(", "));
        let _ = writeln!(text, "  {:<14} {reason}", "");
    }
    text
}
