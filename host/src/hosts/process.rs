//! A host that runs: what it is asked, and what it answers in time.

use std::collections::{HashSet, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::KnownHost;
use super::work::Work;
use crate::cell::is_name;
use crate::interrupt::{self, Interrupted};
use crate::json;
use crate::protocol::{Greeting, PROTOCOL, Reply, Request, line};

/// How long a host may take until it has greeted.
const GREETING: Duration = Duration::from_secs(30);

/// How many lines of a host's standard error are kept for when it fails.
const LAST_WORDS: usize = 12;

/// So many bytes of a line of its standard error are kept together.
const LONGEST_WORDS: u64 = 4096;

/// So many lines of a host may wait to be read. A host that goes on writing waits; the harness reads whenever it waits for one.
const WAITING_LINES: usize = 64;

/// The longest line that a host may write, in bytes: two hundred times as long as a reading with 750 single messages.
const LONGEST_LINE: u64 = 4 << 20;

/// A host that was started.
pub struct Process {
    name: String,
    child: Child,
    /// What is to be written to its input; it is closed when this is dropped.
    input: Option<Sender<String>>,
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
    Silent,
    /// It said nothing more until this command was asked to end.
    Interrupted,
    /// It ended, or said something that is no reply: why.
    Ended(String),
}

/// What is odd about the transports of a greeting: their names are parts of the names of cells.
fn odd_transport(greeting: &Greeting) -> Option<String> {
    let names: Vec<&str> = greeting.transports.iter().map(|transport| transport.name.as_str()).collect();
    if let Some(name) = names.iter().find(|name| !is_name(name)) {
        return Some(format!("it calls a transport {name:?}; a name has letters, digits, `-`, `_` and `+`"));
    }
    let mut seen = HashSet::new();
    let again = names.iter().find(|name| !seen.insert(**name));
    again.map(|name| format!("it lists the transport `{name}` twice"))
}

impl Process {
    /// Starts a host and waits for its greeting.
    ///
    /// # Errors
    /// Where it does not start, does not greet, or speaks another version of the protocol.
    pub fn start(host: &KnownHost) -> anyhow::Result<Self> {
        let failed = |reason: String| anyhow::anyhow!("the host {} does not start: {reason}", host.name);
        let (program, arguments) = host.launch.start.split_first().ok_or_else(|| failed("no program".to_owned()))?;
        let mut command = Command::new(program);
        interrupt::apart(command.args(arguments).current_dir(&host.launch.workspace));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| failed(format!("{program}: {error}")))?;
        let input = child.stdin.take().map(writer);
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
            Answer::Silent => return Err(failed(format!("it has not greeted within {} s", GREETING.as_secs()))),
            Answer::Interrupted => return Err(Interrupted.into()),
            Answer::Ended(why) => return Err(failed(why)),
        };
        match process.greeting.protocol {
            PROTOCOL => match odd_transport(&process.greeting) {
                None => Ok(process),
                Some(why) => Err(failed(why)),
            },
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
        let input = self.input.as_ref().ok_or_else(|| anyhow::anyhow!("the host {name} has been told to end"))?;
        input.send(text).map_err(|_| anyhow::anyhow!("the host {name} does not listen"))
    }

    /// Waits for the next reply, for so long at most, and no longer than until this command is asked to end. A host that works
    /// on a busy machine has that much time of a processor.
    pub fn answer(&mut self, patience: Duration) -> Answer {
        let started = Instant::now();
        let work = Work::of(self.child.id());
        let line = loop {
            let left = patience.saturating_sub(started.elapsed());
            // Where it is waited for longer, slice by slice.
            let slice = if left.is_zero() { interrupt::SLICE } else { left.min(interrupt::SLICE) };
            match self.lines.recv_timeout(slice) {
                Err(RecvTimeoutError::Timeout) if interrupt::asked().is_some() => return Answer::Interrupted,
                Err(RecvTimeoutError::Timeout) if started.elapsed() < patience => {}
                Err(RecvTimeoutError::Timeout) if work.is_within(patience) => {}
                line => break line,
            }
        };
        match line {
            Ok(Ok(text)) => match json::read(&text) {
                Ok(reply) => Answer::Reply(Box::new(reply)),
                Err(error) => {
                    let text: String = text.chars().take(200).collect();
                    Answer::Ended(format!("it said what is no reply ({error}): {text}"))
                }
            },
            Ok(Err(error)) => Answer::Ended(format!("its output cannot be read: {error}")),
            Err(RecvTimeoutError::Timeout) => Answer::Silent,
            Err(RecvTimeoutError::Disconnected) => Answer::Ended(self.end()),
        }
    }

    /// Waits for a host that has closed its output, and says how it ended.
    fn end(&mut self) -> String {
        interrupt::end(&mut self.child);
        let status = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        // What it has started itself may keep its standard error open: nobody waits for that.
        let heard_all = |listener: &JoinHandle<()>| listener.is_finished();
        for _ in 0..20 {
            if self.listener.as_ref().is_none_or(heard_all) {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if words.is_empty() {
            format!("it ended: {status}")
        } else {
            format!("it ended: {status}; {}", words.join("; "))
        }
    }

    /// Closes its input. It must end then.
    pub fn close(&mut self) {
        drop(self.input.take());
    }

    /// Writes a line that need not be a request.
    ///
    /// # Errors
    /// Where it does not listen any more.
    pub fn say(&mut self, text: &str) -> std::io::Result<()> {
        let closed = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        self.input.as_ref().ok_or_else(closed)?.send(format!("{text}\n")).map_err(|_| closed())
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
        (0..steps).take_while(|_| interrupt::asked().is_none()).any(|_| {
            let ended = interrupt::has_ended(&mut self.child).unwrap_or(false);
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
        interrupt::end(&mut self.child);
    }
}

/// Writes to a host's input, in a thread of its own: a host that does not read must not hold the harness.
fn writer(mut input: ChildStdin) -> Sender<String> {
    let (sender, texts) = channel::<String>();
    thread::spawn(move || {
        while let Ok(text) = texts.recv() {
            if input.write_all(text.as_bytes()).and_then(|()| input.flush()).is_err() {
                return;
            }
        }
    });
    sender
}

/// The lines of a host's output, read by a thread of their own.
fn lines(out: impl Read + Send + 'static) -> Receiver<std::io::Result<String>> {
    let (sender, receiver) = sync_channel(WAITING_LINES);
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

/// Keeps the last lines of a host's standard error, whatever bytes they are of.
fn listen(stderr: impl Read + Send + 'static, words: Arc<Mutex<VecDeque<String>>>) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut stderr = BufReader::new(stderr);
        loop {
            let mut line = Vec::new();
            match (&mut stderr).take(LONGEST_WORDS).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
            if words.len() == LAST_WORDS {
                words.pop_front();
            }
            words.push_back(String::from_utf8_lossy(&line).trim_end().to_owned());
        }
    })
}
