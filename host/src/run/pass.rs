//! One pass over figures in processes of a host, which is ended where a guest holds it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::bail;

use super::supplies::{Supplies, Wanted};
use crate::cell::Figure;
use crate::exact::Exact;
use crate::hosts::{Answer, KnownHost, Process};
use crate::measure::Reading;
use crate::protocol::{End, Greeting, Purpose, Refused, Reply};
use crate::verify::Verified;

/// How long a host may be silent after it has begun an item, at least.
const SILENCE: Duration = Duration::from_secs(5);
/// … and how many times longer than the item is expected to take.
const PATIENCE: u32 = 20;

/// So many silences of a codec's guests, and its other figures are not tried.
const ENOUGH_SILENCES: usize = 2;

/// What came of a figure.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was timed.
    Reading(Reading),
    /// It was verified.
    Verified(Verified),
    /// It was counted.
    Counted(Verified, Box<Exact>),
    /// A digest is wrong.
    Wrong(String),
    /// A guest failed.
    Failed(String),
    /// The guests held the host, which was ended.
    Held(String),
    /// The host cannot do it.
    Unsupported(String),
}

/// Which codecs' guests have held a host, for all passes of a command.
#[derive(Default)]
pub struct Holders(Mutex<HashMap<String, Vec<String>>>);

impl Holders {
    /// Why a figure is not tried, where enough others of its codec were silent.
    fn why_not(&self, figure: &Figure) -> Option<String> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = held.get(codec_of(figure)?).filter(|silent| silent.len() >= ENOUGH_SILENCES)?;
        let codec = codec_of(figure)?;
        Some(format!("not tried, because a guest of `{codec}` did not return before: {}", silent.join(", ")))
    }

    fn add(&self, figure: &Figure) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(codec) = codec_of(figure) {
            let name = figure.to_string();
            let name = name.strip_prefix("exchange/").unwrap_or(&name);
            held.entry(codec.to_owned()).or_default().push(name.to_owned());
        }
    }
}

fn codec_of(figure: &Figure) -> Option<&str> {
    match figure {
        Figure::Cell(cell) => Some(&cell.codec),
        Figure::Encode { codec, .. } | Figure::Read { codec, .. } => Some(codec),
        _ => None,
    }
}

/// How long a host may take until it begins its first item, and from one to the next.
const STARTING: Duration = Duration::from_secs(30);

/// What is known of a host beside how it is started.
#[derive(Clone, Debug, Default)]
pub struct Acquaintance {
    /// What it said first.
    pub greeting: Option<Greeting>,
    /// What the yardstick's work took at best.
    pub best_ns: Option<f64>,
    /// For how long samples were taken in vain.
    pub discarded: Duration,
}

impl Acquaintance {
    fn learn(&mut self, End { best_ns, discarded_s }: End) {
        self.best_ns = best_ns.or(self.best_ns);
        self.discarded += Duration::try_from_secs_f64(discarded_s).unwrap_or_default();
    }
}

/// What a pass needs.
pub struct Pass<'a> {
    /// The host.
    pub host: &'a KnownHost,
    /// What to do.
    pub purpose: Purpose,
    /// With what.
    pub supplies: &'a Supplies,
    /// Which guests have held a host.
    pub holders: &'a Holders,
}

impl Pass<'_> {
    /// Does what is wanted, in as many processes as it takes; `heard` is told what came of each figure, by its place, and
    /// how long that took.
    ///
    /// # Errors
    /// Where the host does not start, or cannot take the round.
    pub fn run(
        &self,
        wanted: &[Wanted],
        known: &mut Acquaintance,
        heard: &mut dyn FnMut(usize, Outcome, Duration),
    ) -> anyhow::Result<()> {
        let mut left: VecDeque<usize> = (0..wanted.len()).collect();
        while !left.is_empty() {
            left.retain(|place| match self.holders.why_not(&wanted[*place].0) {
                Some(why) => {
                    heard(*place, Outcome::Failed(why), Duration::ZERO);
                    false
                }
                None => true,
            });
            let now: Vec<Wanted> = left.iter().map(|place| wanted[*place].clone()).collect();
            if !now.is_empty() {
                self.in_one_process(&now, known, &mut left, heard)?;
            }
        }
        Ok(())
    }

    /// Does what is wanted until the end, or until a guest holds or ends the host. What was done is taken off `left`.
    fn in_one_process(
        &self,
        wanted: &[Wanted],
        known: &mut Acquaintance,
        left: &mut VecDeque<usize>,
        heard: &mut dyn FnMut(usize, Outcome, Duration),
    ) -> anyhow::Result<()> {
        let mut conversation = Conversation { pass: self, process: Process::start(self.host)?, wanted, begun: None };
        known.greeting = Some(conversation.process.greeting.clone());
        conversation.process.ask(&self.supplies.round(self.host, self.purpose, wanted, known.best_ns)?)?;
        let mut done = 0;
        loop {
            let (outcome, is_last) = match conversation.next() {
                Said::Outcome(outcome) => (outcome, false),
                Said::LastOutcome(outcome) => (outcome, true),
                Said::End(end) => {
                    known.learn(end);
                    return Ok(());
                }
                // Between two items: what is left is asked of another process.
                Said::Gone(_) if done > 0 => return Ok(()),
                Said::Gone(why) => bail!("the host {} cannot do this: {why}", self.host.name),
            };
            let begun = conversation.begun.take();
            let (Some((item, since)), Some(place)) = (begun, left.pop_front()) else {
                bail!("the host {} answered what it was not asked", self.host.name);
            };
            if let (Outcome::Held(_), Some((figure, _))) = (&outcome, wanted.get(item)) {
                self.holders.add(figure);
            }
            heard(place, outcome, since.elapsed());
            done += 1;
            if is_last {
                return Ok(());
            }
        }
    }

    /// About how long a figure takes: from the payload, at 50 million bytes a second; counting takes ten times that.
    fn expected_time(&self, figure: &Figure) -> Duration {
        let Figure::Cell(cell) = figure else { return Duration::ZERO };
        let bytes = cell.message.payload_bytes() as f64 * f64::from(cell.message.rotation());
        let factor = if self.purpose == Purpose::Count { 10.0 } else { 1.0 };
        Duration::from_secs_f64(bytes / 5e7 * factor)
    }
}

/// A round that a process of a host is going through.
struct Conversation<'a> {
    pass: &'a Pass<'a>,
    process: Process,
    wanted: &'a [Wanted],
    /// The item that it has begun, and when.
    begun: Option<(usize, Instant)>,
}

/// What was heard of a process.
enum Said {
    /// What came of the item that it had begun.
    Outcome(Outcome),
    /// The same, and nothing more will come.
    LastOutcome(Outcome),
    /// The round is done.
    End(End),
    /// It cannot do the round, or ended while it did nothing.
    Gone(String),
}

impl Conversation<'_> {
    fn next(&mut self) -> Said {
        loop {
            let patience = self.patience();
            match (self.process.answer(patience), self.begun) {
                (Answer::Reply(reply), _) => {
                    if let Some(said) = self.take(*reply) {
                        return said;
                    }
                }
                (Answer::Silent(_), Some(_)) => {
                    let codec = self.begun.and_then(|(item, _)| codec_of(&self.wanted.get(item)?.0)).unwrap_or("weft");
                    return Said::LastOutcome(Outcome::Held(format!(
                        "a guest of `{codec}` does not return: the host was silent for {} s after it had begun, and was \
                         ended",
                        patience.as_secs()
                    )));
                }
                (Answer::Ended(why), Some(_)) => {
                    let why = format!("the host's process did not survive its guests: {why}");
                    return Said::LastOutcome(Outcome::Failed(why));
                }
                (Answer::Silent(_), None) => return Said::Gone(format!("it was silent for {} s", patience.as_secs())),
                (Answer::Ended(why), None) => return Said::Gone(why),
            }
        }
    }

    /// How long it may be silent now.
    fn patience(&self) -> Duration {
        match self.begun.and_then(|(item, _)| self.wanted.get(item)) {
            Some((figure, _)) => SILENCE.max(PATIENCE * self.pass.expected_time(figure)),
            None => STARTING,
        }
    }

    /// What a reply means; none where nothing came of anything yet.
    fn take(&mut self, reply: Reply) -> Option<Said> {
        let (item, outcome) = match reply {
            Reply::Begin { item } => {
                self.begun = Some((item, Instant::now()));
                return None;
            }
            Reply::End(end) => return Some(Said::End(end)),
            Reply::Error { reason } => return Some(Said::Gone(reason)),
            Reply::Greeting(_) => return Some(Said::Gone("it greeted twice".to_owned())),
            Reply::Reading(measured) => (measured.item, Outcome::Reading(measured.reading)),
            Reply::Verified(verified) => (verified.item, Outcome::Verified(verified.verified)),
            Reply::Counted(counted) => (counted.item, Outcome::Counted(counted.verified, Box::new(counted.exact))),
            Reply::Wrong(Refused { item, reason }) => (item, Outcome::Wrong(reason)),
            Reply::Failed(Refused { item, reason }) => (item, Outcome::Failed(reason)),
            Reply::Unsupported(Refused { item, reason }) => (item, Outcome::Unsupported(reason)),
        };
        Some(match self.begun {
            Some((begun, _)) if begun == item => Said::Outcome(outcome),
            _ => Said::Gone(format!("it answered item {item}, which it had not begun")),
        })
    }
}

/// Asks nothing of a host but its greeting.
///
/// # Errors
/// Where it does not start.
pub fn greet(host: &KnownHost) -> anyhow::Result<Greeting> {
    Ok(Process::start(host)?.greeting.clone())
}
