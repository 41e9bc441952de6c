//! What is said to whoever runs a command. Whoever stops listening, as `head` does, has heard enough: nothing panics, and
//! nothing that was measured is lost.

use std::io::{self, ErrorKind, Write};

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

fn heard(to: &mut impl Write, text: &str) -> io::Result<()> {
    match to.write_all(text.as_bytes()).and_then(|()| to.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Result, Write};

    use super::heard;

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
}
