//! A host that runs: what it is asked, and what it answers in time.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::KnownHost;
use crate::guests::workspace;
use crate::protocol::{Greeting, PROTOCOL, Reply, Request, line};

/// How long a host may take until it has greeted.
const GREETING: Duration = Duration::from_secs(30);

/// How many lines of a host's standard error are kept for when it fails.
const LAST_WORDS: usize = 12;

/// The longest line that a host may write, in bytes.
const LONGEST_LINE: u64 = 64 << 20;

/// A host that was started.
pub struct Process {
    name: String,
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<std::io::Result<String>>,
    last_words: Arc<Mutex<VecDeque<String>>>,
    listener: Option<JoinHandle<()>>,
    /// What it said first.
    pub greeting: Greeting,
}

/// What came of waiting for a host.
#[derive(Debug)]
pub enum Answer {
    /// It answered.
    Reply(Box<Reply>),
    /// It said nothing in this time.
    Silent(Silent),
    /// It ended, or said something that is no reply: why.
    Ended(String),
}

/// How long a host was silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silent(pub Duration);

impl Process {
    /// Starts a host and waits for its greeting.
    ///
    /// # Errors
    /// Where it does not start, does not greet, or speaks another version of the protocol.
    pub fn start(host: &KnownHost) -> anyhow::Result<Self> {
        let failed = |reason: String| anyhow::anyhow!("the host {} does not start: {reason}", host.name);
        let (program, arguments) = host.launch.start.split_first().ok_or_else(|| failed("no program".to_owned()))?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(workspace());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| failed(format!("{program}: {error}")))?;
        let input = child.stdin.take();
        let out = child.stdout.take().ok_or_else(|| failed("it has no output".to_owned()))?;
        let last_words = Arc::new(Mutex::new(VecDeque::new()));
        let listener = child.stderr.take().map(|stderr| listen(stderr, Arc::clone(&last_words)));
        let (name, lines) = (host.name.clone(), lines(out));
        let greeting = Greeting::unknown();
        let mut process = Self { name, child, input, lines, last_words, listener, greeting };
        process.greeting = match process.answer(GREETING) {
            Answer::Reply(reply) => match *reply {
                Reply::Greeting(greeting) => greeting,
                other => return Err(failed(format!("its first line is no greeting: {other:?}"))),
            },
            Answer::Silent(_) => return Err(failed(format!("it has not greeted within {} s", GREETING.as_secs()))),
            Answer::Ended(why) => return Err(failed(why)),
        };
        match process.greeting.protocol {
            PROTOCOL => Ok(process),
            other => Err(failed(format!("it speaks version {other} of the host protocol, and this weft {PROTOCOL}"))),
        }
    }

    /// Asks for something.
    ///
    /// # Errors
    /// Where it does not listen any more.
    pub fn ask(&mut self, request: &Request) -> anyhow::Result<()> {
        let mut text = line(request)?;
        text.push('\n');
        let name = &self.name;
        let input = self.input.as_mut().ok_or_else(|| anyhow::anyhow!("the host {name} has been told to end"))?;
        input
            .write_all(text.as_bytes())
            .and_then(|()| input.flush())
            .map_err(|error| anyhow::anyhow!("the host {name} does not listen: {error}"))
    }

    /// Waits for the next reply, for so long at most.
    pub fn answer(&mut self, patience: Duration) -> Answer {
        match self.lines.recv_timeout(patience) {
            Ok(Ok(text)) => match serde_json::from_str(&text) {
                Ok(reply) => Answer::Reply(Box::new(reply)),
                Err(error) => {
                    let text: String = text.chars().take(200).collect();
                    Answer::Ended(format!("it said what is no reply ({error}): {text}"))
                }
            },
            Ok(Err(error)) => Answer::Ended(format!("its output cannot be read: {error}")),
            Err(RecvTimeoutError::Timeout) => Answer::Silent(Silent(patience)),
            Err(RecvTimeoutError::Disconnected) => Answer::Ended(self.end()),
        }
    }

    /// Waits for a host that has closed its output, and says how it ended.
    fn end(&mut self) -> String {
        let _ = self.child.kill();
        let status = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        self.listener.take().map(JoinHandle::join);
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if words.is_empty() {
            format!("it ended: {status}")
        } else {
            format!("it ended: {status}; {}", words.join("; "))
        }
    }

    /// Closes its input, and waits a while for its end.
    ///
    /// # Errors
    /// Where it does not end.
    pub fn close(&mut self, patience: Duration) -> Result<(), Silent> {
        drop(self.input.take());
        loop {
            match self.lines.recv_timeout(patience) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => return Err(Silent(patience)),
            }
        }
    }

    /// Writes a line that need not be a request.
    ///
    /// # Errors
    /// Where it does not listen any more.
    pub fn say(&mut self, text: &str) -> std::io::Result<()> {
        match &mut self.input {
            Some(input) => writeln!(input, "{text}").and_then(|()| input.flush()),
            None => Err(std::io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Stops reading what it says: its output is closed then.
    pub fn deafen(&mut self) {
        let (_, nothing) = channel();
        self.lines = nothing;
    }

    /// Whether it has ended by itself within a while.
    pub fn has_ended(&mut self, patience: Duration) -> bool {
        let step = Duration::from_millis(20);
        let steps = (patience.as_millis() / step.as_millis()).max(1);
        (0..steps).any(|_| {
            let ended = self.child.try_wait().is_ok_and(|status| status.is_some());
            if !ended {
                thread::sleep(step);
            }
            ended
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a host's output, read by a thread of their own.
fn lines(out: impl Read + Send + 'static) -> Receiver<std::io::Result<String>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut out = BufReader::new(out);
        loop {
            let mut text = String::new();
            let read = (&mut out).take(LONGEST_LINE).read_line(&mut text);
            let line = match read {
                Ok(0) => return,
                Ok(_) if text.ends_with('\n') => Ok(text.trim_end().to_owned()),
                Ok(_) => Err(std::io::Error::other("a line does not end")),
                Err(error) => Err(error),
            };
            let last = line.is_err();
            if sender.send(line).is_err() || last {
                return;
            }
        }
    });
    receiver
}

/// Keeps the last lines of a host's standard error.
fn listen(stderr: impl Read + Send + 'static, words: Arc<Mutex<VecDeque<String>>>) -> JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
            if words.len() == LAST_WORDS {
                words.pop_front();
            }
            words.push_back(line);
        }
    })
}
