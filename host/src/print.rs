//! What is said to whoever runs a command. Whoever stops listening, as `head` does, has heard enough: nothing panics, and
//! nothing that was measured is lost. What is said may come from a stranger's run: it is text, and tells no terminal what to do.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufWriter, ErrorKind, Stdout, Write};

use weft_link::guest::is_obeyed;

/// Prints a document to standard output.
///
/// # Errors
/// Where it cannot be written, for another reason than that nobody reads it any more.
pub fn out(document: &str) -> io::Result<()> {
    heard(&mut io::stdout().lock(), document)
}

/// Prints a line to standard error. Where that cannot be written, nobody could be told.
pub fn err(line: &str) {
    let _ = heard(&mut io::stderr().lock(), &format!("{line}\n"));
}

/// A document that is printed while it is made: it may be larger than memory, and it is not made any further where nobody listens.
pub struct Printing<W: Write = Stdout> {
    to: BufWriter<W>,
    failed: Option<io::Error>,
}

impl Printing {
    /// A document on standard output.
    pub fn out() -> Self {
        Self::to(io::stdout())
    }
}

impl<W: Write> Printing<W> {
    fn to(to: W) -> Self {
        Self { to: BufWriter::new(to), failed: None }
    }

    /// Prints what `make` makes.
    ///
    /// # Errors
    /// Where it cannot be written, for another reason than that nobody reads it any more.
    pub fn print(mut self, make: impl FnOnce(&mut Self) -> fmt::Result) -> io::Result<()> {
        let made = make(&mut self);
        let result = match (self.failed.take(), made) {
            (Some(error), _) => Err(error),
            (None, Err(error)) => Err(io::Error::other(error)),
            (None, Ok(())) => self.to.flush(),
        };
        // What is left in the buffer would be tried once more.
        drop(self.to.into_parts());
        unless_closed(result)
    }
}

impl<W: Write> fmt::Write for Printing<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.to.write_all(harmless(text).as_bytes()).map_err(|error| {
            self.failed = Some(error);
            fmt::Error
        })
    }
}

fn heard(to: &mut impl Write, text: &str) -> io::Result<()> {
    unless_closed(to.write_all(harmless(text).as_bytes()).and_then(|()| to.flush()))
}

/// A text without what a terminal would obey, but for the ends of lines and what stands between columns.
fn harmless(text: &str) -> Cow<'_, str> {
    let is_obeyed = |c: char| is_obeyed(c) && !matches!(c, '\n' | '\t');
    if text.contains(is_obeyed) { Cow::Owned(text.replace(is_obeyed, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

fn unless_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::io::{ErrorKind, Result, Write};

    use super::{Printing, harmless, heard};

    /// Something that nothing can be written to.
    struct Broken(ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_a_closed_pipe_is_no_error() {
        assert!(heard(&mut Broken(ErrorKind::BrokenPipe), "text").is_ok());
        assert!(heard(&mut Broken(ErrorKind::StorageFull), "text").is_err());
    }

    #[test]
    fn what_is_said_tells_no_terminal_what_to_do() {
        assert_eq!(harmless("a\tb\nµ"), "a\tb\nµ");
        assert_eq!(harmless("\u{1b}[2Ja\rb\u{9b}c\u{7f}"), "\u{fffd}[2Ja\u{fffd}b\u{fffd}c\u{fffd}");
        let mut heard_text = Vec::new();
        assert!(heard(&mut heard_text, "\u{1b}]0;x\u{7}").is_ok() && heard_text == "\u{fffd}]0;x\u{fffd}".as_bytes());
        let mut printed = Vec::new();
        assert!(Printing::to(&mut printed).print(|out| out.write_str("a\u{1b}b")).is_ok());
        assert_eq!(printed, "a\u{fffd}b".as_bytes());
    }

    #[test]
    fn what_nobody_reads_is_not_made() {
        let made = |kind| {
            let mut lines = 0;
            let result = Printing::to(Broken(kind)).print(|out| {
                (0..1_000_000).try_for_each(|number| {
                    lines = number;
                    writeln!(out, "{number}")
                })
            });
            assert!(lines < 10_000, "{lines} lines were made");
            result
        };
        assert!(made(ErrorKind::BrokenPipe).is_ok());
        assert!(made(ErrorKind::StorageFull).is_err());
        let short = |kind| Printing::to(Broken(kind)).print(|out| out.write_str("text"));
        assert!(short(ErrorKind::BrokenPipe).is_ok());
        assert!(short(ErrorKind::StorageFull).is_err());
    }
}
