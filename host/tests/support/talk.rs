//! A host, talked to by hand: weft's own, line by line.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use serde_json::Value;
use weft::cell::{Cell, Figure};
use weft::hosts::KnownHost;
use weft::protocol::{Greeting, Purpose, Reply, Request, Round, line};
use weft::run::{Supplies, Wanted};

/// A host that runs.
pub struct Talk {
    child: Child,
    input: Option<ChildStdin>,
    output: Option<Lines<BufReader<ChildStdout>>>,
}

impl Talk {
    /// Starts weft's own host, which has not greeted yet.
    pub fn start() -> Self {
        Self::start_as(&[])
    }

    /// Starts `weft host` with these arguments.
    pub fn start_as(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
        command.arg("host").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("weft starts");
        let input = child.stdin.take();
        let output = child.stdout.take().map(|output| BufReader::new(output).lines());
        Self { child, input, output }
    }

    /// Starts weft's own host, and lets it greet.
    pub fn greeted() -> (Self, Greeting) {
        let mut talk = Self::start();
        match talk.reply() {
            Reply::Greeting(greeting) => (talk, greeting),
            other => panic!("this is no greeting: {other:?}"),
        }
    }

    /// Says a line.
    pub fn say(&mut self, text: &str) {
        self.try_say(text).expect("it listens");
    }

    /// The same, where it need not listen any more.
    pub fn try_say(&mut self, text: &str) -> std::io::Result<()> {
        let input = self.input.as_mut().expect("its input is open");
        writeln!(input, "{text}").and_then(|()| input.flush())
    }

    /// Asks for a round.
    pub fn ask(&mut self, round: &Round) {
        self.say(&line(&Request::Round(round.clone())).expect("JSON"));
    }

    /// Its next line as it is written; none where there is an end of them.
    pub fn text(&mut self) -> Option<String> {
        Some(self.output.as_mut().expect("its output is open").next()?.expect("a line in UTF-8"))
    }

    /// Its next line.
    pub fn line(&mut self) -> Option<Value> {
        let line = self.text()?;
        Some(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}")))
    }

    /// Its next line as a reply.
    pub fn reply(&mut self) -> Reply {
        let line = self.line().expect("it answers");
        serde_json::from_value(line.clone()).unwrap_or_else(|error| panic!("{error} in {line}"))
    }

    /// What it says about its last request, to `end` or `error`.
    pub fn replies(&mut self) -> Vec<Reply> {
        let mut replies = Vec::new();
        loop {
            replies.push(self.reply());
            if let Some(Reply::End(_) | Reply::Error { .. }) = replies.last() {
                return replies;
            }
        }
    }

    /// Ends its input.
    pub fn end_input(&mut self) {
        drop(self.input.take());
    }

    /// Stops reading its output.
    pub fn close_output(&mut self) {
        drop(self.output.take());
    }

    /// Waits for its end.
    pub fn ended(&mut self) -> ExitStatus {
        self.child.wait().expect("it was started")
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // A test that failed leaves no process behind; one that has ended cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What rounds of these codecs are made of.
pub fn supplies(codecs: &[&str]) -> Supplies {
    let supplies = Supplies::of(|name| codecs.contains(&name)).expect("the guests");
    supplies.with_baselines().expect("the baselines")
}

/// A round of weft's own host.
pub fn round(supplies: &Supplies, purpose: Purpose, figures: &[Figure]) -> Round {
    let wanted: Vec<_> = figures.iter().cloned().map(Wanted::once).collect();
    let host = KnownHost::own().expect("weft's own host");
    let Request::Round(round) = supplies.round(&host, purpose, &wanted, None).expect("a round");
    round
}

/// The figure of a cell of this name.
pub fn cell(name: &str) -> Figure {
    Figure::Cell(name.parse::<Cell>().unwrap_or_else(|error| panic!("{error}")))
}
