//! `weft show`: a message's value, and what its digest takes of it.

use std::fmt::{self, Write as _};
use std::process::ExitCode;

use clap::{Args, value_parser};
use weft_schemas::{EDGES, Outcome, Task, WATERMARKED};

use crate::cell::{MessageId, SEED};
use crate::print::Printing;
use crate::verify::{Given, Part};

/// Values at the ends of their fields take as long as the number of the message says; no rotation has so many.
const MOST_MESSAGES: i64 = 1 << 20;
/// As many lines of a value and words of a digest are printed without `--all` …
const SHOWN: u64 = 100;
/// … and as many are counted.
const COUNTED: u64 = 1_000_000;

/// Prints a message's value, and what its digest takes of it: field by field, of messages of up to 1 MiB
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
    #[arg(long = "message", value_name = "NUMBER", default_value_t = 0, value_parser = value_parser!(u32).range(..=MOST_MESSAGES))]
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
        let given = Given { kind: message.kind, size: message.size, seed, index, task };
        let (outcome, words) = given.words();
        Printing::out().print(|out| {
            write!(out, "{message}, message {index}, seed {seed:#x}, payload {payload} bytes\n\n")?;
            self.cut(out, "lines of the value", |out| (message.kind.write_text)(seed, index, message.size, out))?;
            let (names, layout) = match given.unnamed() {
                Some(why) => (format!(" ({why})"), Vec::new()),
                None => (String::new(), given.layout()),
            };
            writeln!(out, "\nthe digest of {task} takes{names}")?;
            let shown = if self.all { words.len() } else { words.len().min(SHOWN as usize) };
            words[..shown].iter().enumerate().try_for_each(|(place, word)| {
                let parts = layout.get(place).map_or(&[][..], Vec::as_slice);
                write_word(out, (place, *word), parts)
            })?;
            left_out(out, "words", (words.len() - shown) as u64, false)?;
            out.write_str(&digest(outcome))
        })?;
        Ok(ExitCode::SUCCESS)
    }

    /// Writes the first lines of what `write` writes, and how many more there are.
    fn cut(
        &self,
        out: &mut impl fmt::Write,
        what: &str,
        write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> fmt::Result {
        let (most, counted) = if self.all { (u64::MAX, u64::MAX) } else { (SHOWN, COUNTED) };
        let mut cut = Cut { out, lines: 0, most, counted, ends: true };
        let written = write(&mut cut);
        if !cut.is_full() {
            written?;
            if !cut.ends {
                cut.write_str("\n")?;
            }
        }
        let (more, is_full) = (cut.lines.saturating_sub(most), cut.is_full());
        left_out(out, what, more, is_full)
    }
}

/// Says how many more there are; where not all were counted, how many at least.
fn left_out(out: &mut impl fmt::Write, what: &str, more: u64, at_least: bool) -> fmt::Result {
    let least = if at_least { "at least " } else { "" };
    if more > 0 { writeln!(out, "… and {least}{more} more {what}: --all prints them") } else { Ok(()) }
}

/// Lets the first lines through and counts the others.
struct Cut<'a, W> {
    out: &'a mut W,
    /// So many lines have ended.
    lines: u64,
    /// So many are let through …
    most: u64,
    /// … and so many taken at all.
    counted: u64,
    /// Whether the last line has ended.
    ends: bool,
}

impl<W> Cut<'_, W> {
    const fn is_full(&self) -> bool {
        self.lines >= self.counted
    }
}

impl<W: fmt::Write> fmt::Write for Cut<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive('\n') {
            if self.is_full() {
                return Err(fmt::Error);
            }
            if self.lines < self.most {
                self.out.write_str(part)?;
            }
            self.ends = part.ends_with('\n');
            self.lines += u64::from(self.ends);
        }
        Ok(())
    }
}

/// Writes a line for a word of a digest: its number, itself, and the fields in it.
fn write_word(out: &mut dyn fmt::Write, (place, word): (usize, u64), parts: &[Part]) -> fmt::Result {
    let fields = parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    writeln!(out, "{place:>5}  {word:#018x}  {fields}")
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
