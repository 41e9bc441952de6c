//! `weft hosts`: which hosts there are, and what each of them needs.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use crate::hosts::{KnownHost, State, known_hosts};
use crate::print;

/// Lists the hosts: ready, not built, or missing something; builds one
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo weft hosts\n  cargo weft hosts --build native\n  \
                        WEFT_HOSTS=native,node cargo bench\n\n\
                        A host is a program that joins guests and times them: docs/HOSTS.md says how to add one.")]
pub struct Hosts {
    /// Build this host
    #[arg(long, value_name = "NAME")]
    build: Option<String>,
}

impl Hosts {
    /// Lists or builds.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.build {
            Some(name) => build(&KnownHost::named(name)?)?,
            None => list()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list() -> anyhow::Result<()> {
    let mut text = String::new();
    for host in known_hosts()? {
        let (state, next) = match host.state() {
            State::Ready => ("ready", None),
            State::NotBuilt(command) => ("not built", Some(command)),
            State::Missing(what) => ("missing", Some(what)),
        };
        text.push_str(&format!("{:<20} {state:<10} {}\n", host.name, host.about));
        if let Some(next) = next {
            text.push_str(&format!("{:<20} {:<10} {next}\n", "", ""));
        }
    }
    text.push_str("\nmeasure with some of them:  WEFT_HOSTS=<name>,<name> cargo bench\n");
    Ok(print::out(&text)?)
}

fn build(host: &KnownHost) -> anyhow::Result<()> {
    let KnownHost { name, launch, .. } = host;
    if launch.build.is_empty() {
        return Ok(print::out(&format!("{name}: there is nothing to build\n"))?);
    }
    if let State::Missing(what) = host.state() {
        bail!("the host {name} cannot be built: {what}");
    }
    print::out(&format!("{name}: {} (some minutes)\n", launch.build.join(" ")))?;
    host.build()?;
    match host.state() {
        State::Ready => Ok(print::out(&format!("{name}: ready\n"))?),
        state => bail!("the host {name} was built, but is not ready: {state:?}"),
    }
}
