//! `weft list`: what there is to be measured.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use weft_schemas::{KINDS, Task};

use crate::guest::{Codec, Role, catalog};
use crate::run::{Matrix, MessageId, locked_version};
use crate::transport::TRANSPORTS;

/// Codecs with their traits, transports, messages; what is unsupported, and why
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo weft list\n  WEFT_GUESTS=dir cargo weft list\n\n\
                        WEFT_GUESTS names a directory with guests of your own: docs/ABI.md.")]
pub struct List {}

impl List {
    /// Prints the lists.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let codecs = catalog().context("a guest cannot be used")?;
        print_codecs(codecs);
        print_transports();
        print_messages();
        print_unsupported(codecs);
        Ok(ExitCode::SUCCESS)
    }
}

fn print_codecs(codecs: &[Codec]) {
    println!("codecs");
    for codec in codecs {
        println!("  {:<14} {}", codec.name, codec.traits.about);
        println!("  {:<14} {}", "", described(codec));
        if let Some(directory) = &codec.directory {
            println!("  {:<14} from {}", "", directory.display());
        }
    }
}

/// A codec's traits in a line.
fn described(codec: &Codec) -> String {
    let traits = &codec.traits;
    let mut parts = vec![match (locked_version(&traits.library), traits.library.as_str()) {
        (_, "") => "no library".to_owned(),
        (Some(version), library) => format!("{library} {version}"),
        (None, library) => library.to_owned(),
    }];
    if traits.role == Role::Floor {
        parts.push("the floor".to_owned());
        return parts.join(", ");
    }
    parts.push(if traits.schema { "schema" } else { "no schema" }.to_owned());
    parts.push(if traits.encodes { "encodes" } else { "encodes nothing" }.to_owned());
    parts.push(if traits.in_place { "reads in place" } else { "decodes" }.to_owned());
    parts.push(format!("validates: {}", traits.validates.word()));
    parts.push(if traits.scan_checks_utf8 { "scan checks UTF-8" } else { "scan leaves UTF-8 unchecked" }.to_owned());
    parts.push(if traits.reuses_buffers { "reuses buffers" } else { "new buffers for each message" }.to_owned());
    parts.join(", ")
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

fn print_unsupported(codecs: &'static [Codec]) {
    let mut reasons: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    for codec in codecs {
        for kind in KINDS {
            for task in Task::ALL {
                if let Err(reason) = codec.supports(kind.name, task.name()) {
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
