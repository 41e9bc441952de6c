//! The lines of standard input, read by a thread of their own: a host whose harness is gone must not go on, whatever its
//! guests are doing.

use std::io::{BufRead, stdin};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

/// The lines, as they come.
pub struct Input(Receiver<String>);

impl Input {
    /// Those of this process. When they end, what was asked for is still answered; but the process ends as soon as
    /// nobody can read the answer.
    pub fn of_process() -> Self {
        let (sender, lines) = channel();
        let end_with_output = ends_with_output();
        thread::spawn(move || {
            for line in stdin().lock().split(b'\n').map_while(Result::ok) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
            }
            drop(sender);
            end_with_output();
        });
        Self(lines)
    }

    /// The next line; none where there is an end of them.
    pub fn next(&self) -> Option<String> {
        self.0.recv().ok()
    }
}

/// What ends the process when its output is a pipe that nobody reads any more.
#[cfg(target_os = "linux")]
fn ends_with_output() -> impl FnOnce() + Send {
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, poll};

    let out = std::io::stdout();
    move || loop {
        let mut polled = [PollFd::new(&out, PollFlags::empty())];
        let asked = poll(&mut polled, None);
        let closed = polled[0].revents().intersects(PollFlags::ERR | PollFlags::HUP);
        match asked {
            Ok(_) if closed => std::process::exit(0),
            // Interrupted, or something that cannot be waited for.
            _ => thread::sleep(Duration::from_millis(200)),
        }
    }
}

/// What ends the process when the one that started it is gone: whether anybody reads a pipe is not told everywhere.
#[cfg(all(unix, not(target_os = "linux")))]
fn ends_with_output() -> impl FnOnce() + Send {
    let parent = rustix::process::getppid();
    move || {
        while rustix::process::getppid() == parent {
            thread::sleep(std::time::Duration::from_millis(200));
        }
        std::process::exit(0);
    }
}

#[cfg(not(unix))]
fn ends_with_output() -> impl FnOnce() + Send {
    || ()
}
