//! Ctrl-C and `kill`: whether this command was asked to end, and how what it has started ends with it.
//!
//! A command that has called [`install`] is not ended by the first signal. It looks at [`asked`] wherever it waits, ends
//! what it has started, keeps what it has, and exits with [`Signal::exit_code`]. The second signal ends it at once.

use std::io::{self, Read};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

/// For so long at most something may be waited for without a look at [`asked`].
pub const SLICE: Duration = Duration::from_millis(100);

/// The exit code of the last signal that came; 0 where none did.
static ASKED: AtomicU8 = AtomicU8::new(0);

/// Whether whoever started this is gone.
static ORPHANED: AtomicBool = AtomicBool::new(false);

/// What asked this command to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// SIGTERM: `kill`, or the end of the process that this was started by.
    Terminate,
}

impl Signal {
    const ALL: [Self; 2] = [Self::Interrupt, Self::Terminate];

    const fn number(self) -> i32 {
        match self {
            Self::Interrupt => SIGINT,
            Self::Terminate => SIGTERM,
        }
    }

    /// The exit code by which a shell knows the signal: 128 and its number.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

/// What ends work that was not done when this command was asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

/// Lets the first signal ask, and the second end this process at once. Whoever calls this looks at [`asked`].
///
/// # Errors
/// Where the system does not let it.
#[allow(unsafe_code, reason = "handlers of signals must be safe at any moment, which no type shows")]
pub fn install() -> io::Result<()> {
    for signal in Signal::ALL {
        let code = signal.exit_code();
        let heard = move || {
            // One step: two signals can come to two threads at once.
            if ASKED.swap(code, Ordering::SeqCst) != 0 {
                low_level::exit(code.into());
            }
        };
        // SAFETY: an atomic access and `_exit` may be done in a handler, whatever the thread was doing; nothing allocates, locks or panics.
        unsafe { low_level::register(signal.number(), heard) }?;
    }
    Ok(())
}

/// Lets the end of the process that has started this ask as a signal does. On systems that do not tell it, nothing
/// happens.
///
/// # Errors
/// Where the system does not let it.
pub fn end_with_parent() -> io::Result<()> {
    // Ctrl-C reaches the parent as well: its end must not count as the second signal, so it has one of its own.
    #[cfg(target_os = "linux")]
    {
        flag::register(signal_hook::consts::SIGUSR1, &ORPHANED)?;
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::USR1))?;
    }
    Ok(())
}

/// Ends this process at once when the thread that has started it ends, whatever it does then. On systems that do not tell it, nothing
/// happens.
///
/// # Errors
/// Where the system does not let it.
pub fn die_with_parent() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}

/// What has asked this command to end; none where nothing did. The second signal ends it before anybody can ask.
pub fn asked() -> Option<Signal> {
    let code = ASKED.load(Ordering::SeqCst);
    let signal = Signal::ALL.into_iter().find(|signal| signal.exit_code() == code);
    signal.or_else(|| ORPHANED.load(Ordering::SeqCst).then_some(Signal::Terminate))
}

/// Whether to go on.
///
/// # Errors
/// Where this command was asked to end.
pub fn check() -> Result<(), Interrupted> {
    asked().map_or(Ok(()), |_| Err(Interrupted))
}

/// Whether an error is the end of work that was not done because of a signal.
pub fn is_cause_of(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<Interrupted>())
}

/// Lets a command be started in a process group of its own: what is typed at a terminal does not reach it, and [`end`]
/// ends all that it has started.
pub fn apart(command: &mut Command) -> &mut Command {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command
}

/// Ends a process that was started [`apart`], with what it has started, and waits for it. What it has started is ended also where the
/// process itself has ended, unless somebody has waited for it.
pub fn end(child: &mut Child) {
    #[cfg(unix)]
    end_group(child);
    let _ = child.kill();
    let _ = child.wait();
}

/// Whether a child has ended. Nobody has waited for it after that, so that its number is still its own.
///
/// # Errors
/// Where the system does not tell.
pub fn has_ended(child: &mut Child) -> io::Result<bool> {
    #[cfg(unix)]
    return Ok(has_ended_unwaited(child)?);
    #[cfg(not(unix))]
    child.try_wait().map(|status| status.is_some())
}

/// Whether a child has ended that nobody has waited for; an error of another: its number may be anybody's.
#[cfg(unix)]
fn has_ended_unwaited(child: &Child) -> rustix::io::Result<bool> {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    waitid(WaitId::Pid(Pid::from_child(child)), look).map(|status| status.is_some())
}

/// Ends the process group of a child that nobody has waited for yet.
#[cfg(unix)]
fn end_group(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if has_ended_unwaited(child).is_ok() {
        let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    }
}

/// Why a command has no output.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// This command was asked to end, and has ended it.
    #[error("{0}")]
    Interrupted(#[from] Interrupted),
    /// It cannot be started, or not be read.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Runs a command [`apart`] and returns what it prints, as [`Command::output`] does. When this command is asked to end,
/// it is ended with all that it has started.
///
/// # Errors
/// Where it does not start, or is ended.
pub fn output(command: &mut Command) -> Result<Output, OutputError> {
    check()?;
    let mut child = apart(command).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    // Nothing is sent: the channel is closed when both have been read.
    let (open, read) = channel();
    let stdout = child.stdout.take().map(|pipe| reader(pipe, open.clone()));
    let stderr = child.stderr.take().map(|pipe| reader(pipe, open));
    while read.recv_timeout(SLICE) == Err(RecvTimeoutError::Timeout) {
        if let Err(interrupted) = check() {
            end(&mut child);
            return Err(interrupted.into());
        }
    }
    Ok(Output { status: child.wait()?, stdout: content(stdout)?, stderr: content(stderr)? })
}

type Reader = JoinHandle<io::Result<Vec<u8>>>;

fn reader(mut pipe: impl Read + Send + 'static, open: Sender<()>) -> Reader {
    thread::spawn(move || {
        let _open = open;
        let mut content = Vec::new();
        pipe.read_to_end(&mut content)?;
        Ok(content)
    })
}

fn content(reader: Option<Reader>) -> io::Result<Vec<u8>> {
    reader.map_or(Ok(Vec::new()), |reader| reader.join().unwrap_or_else(|_| Err(io::Error::other("it cannot be read"))))
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use anyhow::Context;

    use super::{Interrupted, Signal, is_cause_of, output};

    #[test]
    fn what_a_command_prints_is_read_to_its_end() {
        let output = output(Command::new("sh").args(["-c", "cat; printf one; printf two >&2; exit 3"])).expect("sh");
        assert_eq!((output.status.code(), output.stdout, output.stderr), (Some(3), b"one".to_vec(), b"two".to_vec()));
        assert!(super::output(&mut Command::new("/no/such/program")).is_err());
    }

    #[test]
    fn exit_codes_are_those_of_shells() {
        assert_eq!(Signal::ALL.map(|signal| i32::from(signal.exit_code()) - signal.number()), [128, 128]);
    }

    #[test]
    fn an_interruption_is_known_under_what_it_has_ended() {
        let error = Err::<(), _>(Interrupted).context("a guest cannot be used").expect_err("an error");
        assert!(is_cause_of(&error));
        assert!(!is_cause_of(&anyhow::anyhow!("interrupted")));
    }
}
