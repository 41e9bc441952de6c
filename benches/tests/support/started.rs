//! A bench that runs: its processes, and what they are sent.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStderr, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, kill_process_group, pidfd_open};
use weft::hosts::BE_HOST;

use crate::support::command;

/// A process that need not be a child: it can be waited for all the same.
pub struct Running {
    pub id: Pid,
    descriptor: OwnedFd,
}

impl Running {
    /// The process with a number.
    pub fn of(id: Pid) -> Result<Self> {
        Ok(Self { id, descriptor: pidfd_open(id, PidfdFlags::empty())? })
    }

    /// Waits for its end, however long that takes.
    pub fn wait(&self) -> Result<()> {
        let mut polled = [PollFd::new(&self.descriptor, PollFlags::IN)];
        poll(&mut polled, None)?;
        Ok(())
    }

    /// The processes that it has started and that have not ended.
    pub fn children(&self) -> Result<Vec<Self>> {
        let mut children = Vec::new();
        for task in fs::read_dir(format!("/proc/{}/task", self.id))? {
            // A thread or a child may have ended by now.
            let listed = fs::read_to_string(task?.path().join("children")).unwrap_or_default();
            for id in listed.split_whitespace() {
                children.extend(Self::of(Pid::from_raw(id.parse()?).context("a process")?));
            }
        }
        Ok(children)
    }

    /// Whether it is a host: what starts one is for a moment still itself, and waits; whoever stopped it then would stop both.
    fn is_host(&self) -> bool {
        let words = fs::read(format!("/proc/{}/cmdline", self.id)).unwrap_or_default();
        words.split(|byte| *byte == 0).nth(1) == Some(BE_HOST.as_bytes())
    }

    /// How many bytes it has read.
    pub fn read(&self) -> Result<u64> {
        let io = fs::read_to_string(format!("/proc/{}/io", self.id))?;
        let bytes = io.lines().find_map(|line| line.strip_prefix("rchar: ")).context("rchar")?;
        Ok(bytes.parse()?)
    }

    pub fn send(&self, signal: Signal) -> Result<()> {
        Ok(kill_process(self.id, signal)?)
    }
}

/// One bench at a time: each wants all cores.
static TURN: Mutex<()> = Mutex::new(());

/// `cargo bench` in a process group of its own, some way into its rounds.
pub struct Started {
    _turn: MutexGuard<'static, ()>,
    cargo: Child,
    stderr: BufReader<ChildStderr>,
    heard: String,
    /// The process that measures.
    pub harness: Running,
    /// The host that it has started.
    pub host: Running,
}

/// What a bench that was sent a signal has done.
pub struct Ended {
    /// The exit code of cargo; none where a signal has ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Started {
    /// Starts `cargo bench -- <arguments>`, and waits until a line of its standard error begins with `line` and a host has
    /// been started after that.
    pub fn until(line: &str, results: &Path, arguments: &[&str]) -> Result<Self> {
        Self::with(&[], line, results, arguments)
    }

    /// The same with these variables beside.
    pub fn with(variables: &[(&str, &str)], line: &str, results: &Path, arguments: &[&str]) -> Result<Self> {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut command = command(results, variables, arguments);
        let mut cargo = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let mut stderr = BufReader::new(cargo.stderr.take().context("its standard error")?);
        let mut heard = String::new();
        while !heard.lines().last().is_some_and(|last| last.starts_with(line)) {
            if stderr.read_line(&mut heard)? == 0 {
                bail!("the bench has ended: {heard}");
            }
        }
        let mut children = Running::of(Pid::from_child(&cargo))?.children()?;
        let harness = children.pop().context("cargo has started nothing")?;
        let host = loop {
            match harness.children()?.pop() {
                Some(host) if host.is_host() => break host,
                _ => thread::yield_now(),
            }
        };
        Ok(Self { _turn: turn, cargo, stderr, heard, harness, host })
    }

    pub fn send_to_group(&self, signal: Signal) -> Result<()> {
        Ok(kill_process_group(Pid::from_child(&self.cargo), signal)?)
    }

    pub fn send_to_cargo(&self, signal: Signal) -> Result<()> {
        Ok(kill_process(Pid::from_child(&self.cargo), signal)?)
    }

    /// Waits until all of its processes have ended.
    pub fn wait(mut self) -> Result<Ended> {
        self.harness.wait()?;
        self.host.wait()?;
        self.stderr.read_to_string(&mut self.heard)?;
        let output = self.cargo.wait_with_output()?;
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(Ended { code: output.status.code(), stdout, stderr: self.heard })
    }
}
