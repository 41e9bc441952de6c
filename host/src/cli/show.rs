//! `weft show`: a message's value, and what its digest takes of it.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use weft_schemas::{EDGES, Outcome, Task, WATERMARKED};

use crate::cell::{MessageId, SEED};
use crate::print;
use crate::verify::Given;

/// As many lines of a value and words of a digest are printed without `--all`.
const SHOWN: usize = 100;

/// Prints a message's value, and what its digest takes of it, field by field
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo weft show log@1 --message 3\n  cargo weft show mesh@10 --task peek\n  \
                        cargo weft show log@100 --seed edges --message 1 --all\n\n\
                        A digest takes words of 64 bits in this order; a guest that takes others returns another digest \
                        (schemas/src/digest.rs).")]
pub struct Show {
    /// The message, such as log@1
    #[arg(value_name = "MESSAGE@SIZE")]
    message: MessageId,
    /// The message's number in its rotation
    #[arg(long = "message", value_name = "NUMBER", default_value_t = 0)]
    index: u32,
    /// What it is generated from: a number, or `edges` or `watermarked`; by default what the bench uses
    #[arg(long, value_parser = seed, default_value = "bench")]
    seed: u64,
    /// The task that the digest is of: peek, scan, own or reply
    #[arg(long, default_value = "scan")]
    task: Task,
    /// Prints all of a large message
    #[arg(long)]
    all: bool,
}

fn seed(text: &str) -> Result<u64, String> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    };
    match text {
        "bench" => Ok(SEED),
        "edges" => Ok(EDGES),
        "watermarked" => Ok(WATERMARKED),
        _ => number.ok_or_else(|| {
            format!("`{text}` is no seed; write a number such as 7 or 0x5745, `edges` or `watermarked`")
        }),
    }
}

impl Show {
    /// Prints the value and its digest.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let Self { message, index, seed, task, .. } = *self;
        let payload = (message.kind.payload_bytes)(seed, index, message.size);
        print::out(&format!("{message}, message {index}, seed {seed:#x}, payload {payload} bytes\n\n"))?;
        let value = (message.kind.text)(seed, index, message.size);
        let lines: Vec<&str> = value.lines().collect();
        print::out(&self.cut(&lines, "lines of the value"))?;
        let given = Given { kind: message.kind, size: message.size, seed, index, task };
        let Some((outcome, words)) = given.words() else { anyhow::bail!("{message} has no tree of fields") };
        print::out(&format!("\nthe digest of {task} takes\n"))?;
        let lines = self.words(given, &words);
        print::out(&self.cut(&lines.iter().map(String::as_str).collect::<Vec<_>>(), "words"))?;
        print::out(&digest(outcome))?;
        Ok(ExitCode::SUCCESS)
    }

    /// A line for each word: its number, itself, and the fields in it.
    fn words(&self, given: Given, words: &[u64]) -> Vec<String> {
        let layout = given.layout().unwrap_or_default();
        let fields = |place: usize| {
            let parts = layout.get(place).map_or(&[][..], Vec::as_slice);
            parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        let line = |(place, word): (usize, &u64)| format!("{place:>5}  {word:#018x}  {}", fields(place));
        words.iter().enumerate().map(line).collect()
    }

    /// The first lines, and how many more there are.
    fn cut(&self, lines: &[&str], what: &str) -> String {
        let shown = if self.all { lines.len() } else { lines.len().min(SHOWN) };
        let mut text = String::new();
        for line in lines.iter().take(shown) {
            let _ = writeln!(text, "{line}");
        }
        if shown < lines.len() {
            let _ = writeln!(text, "… and {} more {what}: --all prints them", lines.len() - shown);
        }
        text
    }
}

fn digest(outcome: Outcome) -> String {
    match outcome {
        Ok(digest) => format!("digest {digest:#018x}\n"),
        Err(status) => format!("no digest: {status}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::seed;
    use crate::cell::SEED;

    #[test]
    fn seeds_are_numbers_or_names() {
        assert_eq!(seed("7"), Ok(7));
        assert_eq!(seed("0xff"), Ok(255));
        assert_eq!(seed("bench"), Ok(SEED));
        assert_eq!(seed("edges"), Ok(weft_schemas::EDGES));
        assert!(seed("x").is_err_and(|error| error.contains("0x5745")));
    }
}
