//! `weft list`: what there is to be measured.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use weft_link::guest::Validation;
use weft_link::transport::TRANSPORTS;
use weft_schemas::{KINDS, Task};

use crate::cell::{Matrix, MessageId};
use crate::guests::{Codec, catalog};
use crate::lock::locked_version;

/// Codecs with their traits, transports, messages; what is unsupported, and why
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo weft list\n  WEFT_GUESTS=dir cargo weft list\n\n\
                        WEFT_GUESTS names a directory with guests of your own: docs/ABI.md.")]
pub struct List {}

impl List {
    /// Prints the lists.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let codecs = catalog(|_| true).context("a guest cannot be used")?;
        print_codecs(&codecs);
        print_transports();
        print_messages();
        print_unsupported(&codecs);
        Ok(ExitCode::SUCCESS)
    }
}

fn print_codecs(codecs: &[Codec]) {
    println!("codecs");
    for codec in codecs {
        println!("  {:<14} {}", codec.name, codec.traits.about.as_deref().unwrap_or("it does not describe itself"));
        println!("  {:<14} {}", "", described(codec));
        if let Some(directory) = &codec.directory {
            println!("  {:<14} from {}", "", directory.display());
        }
    }
}

/// A codec's traits in a line. What it does not say is left out, and said to be unknown.
fn described(codec: &Codec) -> String {
    let traits = &codec.traits;
    let library = traits.library.as_deref().map(|library| match (locked_version(library), library) {
        (_, "") => "no library".to_owned(),
        (Some(version), library) => format!("{library} {version}"),
        (None, library) => library.to_owned(),
    });
    if traits.is_floor() {
        return [library.unwrap_or_default(), "the floor".to_owned()].join(", ");
    }
    let either = |value: Option<bool>, yes: &str, no: &str| value.map(|value| if value { yes } else { no }.to_owned());
    let parts = [
        ("library", library),
        ("schema", either(traits.schema, "schema", "no schema")),
        ("encoding", either(traits.encodes, "encodes", "encodes nothing")),
        ("reading", either(traits.in_place, "reads in place", "decodes")),
        ("validation", traits.validates.map(|validates: Validation| format!("validates: {}", validates.word()))),
        ("UTF-8", either(traits.scan_checks_utf8, "scan checks UTF-8", "scan leaves UTF-8 unchecked")),
        ("buffers", either(traits.reuses_buffers, "reuses buffers", "new buffers for each message")),
    ];
    let unknown: Vec<&str> = parts.iter().filter(|(_, part)| part.is_none()).map(|(what, _)| *what).collect();
    let mut words: Vec<String> = parts.iter().filter_map(|(_, part)| part.clone()).collect();
    if !unknown.is_empty() {
        words.push(format!("unknown: {}", unknown.join(", ")));
    }
    words.join(", ")
}

fn print_transports() {
    println!("\ntransports");
    for transport in TRANSPORTS {
        println!("  {:<14} isolation {:<7} {}", transport.name(), transport.isolation(), transport.about());
        if let Err(reason) = transport.supported() {
            println!("  {:<14} unsupported here: {reason}", "");
        }
    }
}

fn print_messages() {
    let tasks = Task::ALL.map(Task::name).join(", ");
    println!("\nmessages (tasks: {tasks})");
    for kind in KINDS {
        match kind.sizes {
            (smallest, largest) if smallest == largest => println!("  {}@{smallest}", kind.name),
            (smallest, largest) => println!("  {:<14} N from {smallest} to {largest}", format!("{}@N", kind.name)),
        }
    }
    println!("\nmatrices");
    for matrix in Matrix::ALL {
        let messages: Vec<String> =
            matrix.workloads().iter().map(|(message, tasks)| workload(*message, tasks)).collect();
        println!("  {matrix:<14} {}", messages.join(", "));
    }
}

fn workload(message: MessageId, tasks: &[Task]) -> String {
    let tasks: Vec<_> = tasks.iter().map(|task| task.name()).collect();
    format!("{message} ({})", tasks.join(" "))
}

fn print_unsupported(codecs: &[Codec]) {
    let mut reasons: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    for codec in codecs {
        for kind in KINDS {
            for task in Task::ALL {
                if let Err(reason) = codec.supports(kind.name, task) {
                    reasons.entry((&codec.name, reason)).or_default().push(format!("{}/{task}", kind.name));
                }
            }
        }
    }
    if !reasons.is_empty() {
        println!("\nunsupported");
    }
    for ((codec, reason), cells) in reasons {
        println!("  {codec:<14} {}", cells.join(", "));
        println!("  {:<14} {reason}", "");
    }
}
