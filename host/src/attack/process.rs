//! The process of an attack from outside: how long it may run, how much it may take, and what its end says.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use weft_link::transport::Transport;

use super::child::Line;
use super::hostile::Attack;
use super::outcome::{Outcome, Row, Seen};
use crate::interrupt;

/// What never returns is ended after this.
const LOOPS: Duration = Duration::from_secs(1);

/// Everything else must be done by then, on a machine that does something else as well.
const PATIENCE: Duration = Duration::from_secs(60);

/// So much more than an honest pair does a process not take, in bytes.
const MEMORY: u64 = 4 << 30;

/// How often a process is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Runs an attack over a transport in a process of its own; of one that loops, each input in one.
///
/// # Errors
/// Where no process can be started, the attack itself is at fault, nothing can be judged on this system, or this command was asked to end.
pub fn run(attack: &Attack, transport: &'static dyn Transport) -> anyhow::Result<Row> {
    let row = |seen: &Seen, inputs, milliseconds| Row {
        attack: attack.name.clone(),
        transport: transport.name(),
        seen: seen.clone(),
        inputs,
        milliseconds,
    };
    if let Some(nothing) = attack.nothing_over(transport) {
        return Ok(row(&nothing, Vec::new(), None));
    }
    let started = Instant::now();
    let inputs = match attack.head.loops {
        true => {
            let each = (0..attack.head.inputs.len()).map(|input| one(attack, transport, Some(input)));
            each.collect::<anyhow::Result<Vec<_>>>()?.concat()
        }
        false => one(attack, transport, None)?,
    };
    let nothing = Seen::nothing(Outcome::HostHarmed, "its process said nothing");
    let worst = Seen::worst(&inputs).cloned().unwrap_or(nothing);
    let tried = worst.outcome > Outcome::NotTested;
    Ok(row(&worst, inputs, tried.then(|| started.elapsed().as_millis() as u64)))
}

/// What one process saw.
fn one(attack: &Attack, transport: &dyn Transport, input: Option<usize>) -> anyhow::Result<Vec<Seen>> {
    let mut command = Command::new(env::current_exe().context("this program does not know where it is")?);
    command.args(["attack", "--in-this-process", &attack.name, transport.name()]);
    command.args(input.map(|input| input.to_string()));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = interrupt::apart(&mut command).spawn().context("no process can be started for an attack")?;
    let out = child.stdout.take().context("it has no output")?;
    let err = child.stderr.take().context("it has no standard error")?;
    let (lines, words) = (lines(out), thread::spawn(move || last_words(err)));
    let ended = watch(&mut child, &lines, attack.head.loops);
    interrupt::end(&mut child);
    let (ended, mut begun, mut all) = ended?;
    // All that had it open is gone: it ends.
    for line in lines {
        heard(line, &mut begun, &mut all);
    }
    let words = words.join().unwrap_or_default();
    if let Ended::Itself(status) = &ended
        && matches!(status.code(), Some(1 | 2))
    {
        bail!("{} over {} cannot be tried: {words}", attack.name, transport.name());
    }
    if let Some((outcome, seen)) = judged(ended, attack.head.loops, &words) {
        all.push(Seen { outcome, seen, input: begun.unwrap_or_default() });
    }
    Ok(all)
}

/// How a process ended.
enum Ended {
    /// By itself.
    Itself(ExitStatus),
    /// It was ended after so long.
    Late(Duration),
    /// It was ended because it had taken so many bytes.
    Greedy(u64),
}

/// The input that was being tried last, and what was seen.
type Heard = (Ended, Option<String>, Vec<Seen>);

/// Waits until a process has ended, has run for too long, or has taken too much.
fn watch(child: &mut Child, lines: &Receiver<Line>, loops: bool) -> anyhow::Result<Heard> {
    let (started, mut begun, mut all) = (Instant::now(), None, Vec::new());
    let (mut since, mut honest) = (None, 0);
    loop {
        interrupt::check()?;
        if interrupt::has_ended(child)? {
            interrupt::end(child);
            return Ok((Ended::Itself(child.wait()?), begun, all));
        }
        for line in lines.try_iter() {
            // From here on what it takes is the attack's.
            if since.is_none() {
                (since, honest) = (Some(Instant::now()), resident(child.id()).unwrap_or(0));
            }
            heard(line, &mut begun, &mut all);
        }
        let taken = resident(child.id()).unwrap_or(0).saturating_sub(honest);
        if taken > MEMORY {
            return Ok((Ended::Greedy(taken), begun, all));
        }
        let (ran, most) = match since.filter(|_| loops) {
            Some(since) => (since.elapsed(), LOOPS),
            None => (started.elapsed(), PATIENCE),
        };
        if ran > most {
            return Ok((Ended::Late(ran), begun, all));
        }
        thread::sleep(LOOK);
    }
}

/// Takes over a line that a process has written.
fn heard(line: Line, begun: &mut Option<String>, all: &mut Vec<Seen>) {
    match line {
        Line::Begun(input) => *begun = Some(input),
        Line::Seen(seen) => {
            *begun = None;
            all.push(seen);
        }
    }
}

/// What the end of a process says of the input that was being tried; none where there is nothing to say.
fn judged(ended: Ended, loops: bool, words: &str) -> Option<(Outcome, String)> {
    let harmed = |what: String| Some((Outcome::HostHarmed, what));
    match ended {
        Ended::Itself(status) if status.success() => {
            loops.then(|| (Outcome::HostHarmed, "it is said to loop, and has returned".to_owned()))
        }
        Ended::Itself(status) if words.is_empty() => harmed(format!("its process ended: {status}")),
        Ended::Itself(status) => harmed(format!("its process ended: {status}: {words}")),
        Ended::Late(ran) if loops => {
            Some((Outcome::Contained, format!("stopped after {:.1} s, with its process", ran.as_secs_f64())))
        }
        Ended::Late(ran) => harmed(format!("it had not returned after {:.0} s", ran.as_secs_f64())),
        Ended::Greedy(taken) => {
            harmed(format!("it had taken {:.1} GiB of memory", taken as f64 / (1_u64 << 30) as f64))
        }
    }
}

/// The bytes of memory that a process has; none where the system does not say (proc_pid_statm(5)).
fn resident(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/statm")).ok()?;
    let pages: u64 = text.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

/// The lines of a process' output, read by a thread of its own. What is no line of ours is left out.
fn lines(out: impl Read + Send + 'static) -> Receiver<Line> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for text in BufReader::new(out).lines().map_while(Result::ok) {
            let Ok(line) = serde_json::from_str(&text) else { continue };
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// The last lines of a process' standard error, in one.
fn last_words(err: impl Read) -> String {
    const MOST: usize = 3;
    let lines: Vec<String> = BufReader::new(err.take(1 << 20)).lines().map_while(Result::ok).collect();
    lines.get(lines.len().saturating_sub(MOST)..).unwrap_or_default().join("; ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Ended, Outcome, judged, last_words, resident};

    #[test]
    fn what_loops_is_stopped_and_what_hangs_is_harm() {
        let late = || Ended::Late(Duration::from_secs(2));
        let (outcome, seen) = judged(late(), true, "").expect("it is late");
        assert_eq!((outcome, seen.as_str()), (Outcome::Contained, "stopped after 2.0 s, with its process"));
        assert!(judged(late(), false, "").is_some_and(|(outcome, _)| outcome == Outcome::HostHarmed));
        let greedy = judged(Ended::Greedy(5 << 30), true, "");
        assert!(greedy.is_some_and(|(outcome, seen)| outcome == Outcome::HostHarmed && seen.contains("5.0 GiB")));
    }

    #[test]
    fn last_words_are_few() {
        assert_eq!(last_words("a\nb\nc\nd".as_bytes()), "b; c; d");
        assert_eq!(last_words("".as_bytes()), "");
        assert!(resident(std::process::id()).is_some() || !cfg!(target_os = "linux"));
    }
}
