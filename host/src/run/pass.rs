//! One pass over figures in processes of a host, which is ended where a guest holds it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::supplies::{Supplies, Wanted};
use crate::cell::Figure;
use crate::exact::Exact;
use crate::hosts::{Answer, KnownHost, Process};
use crate::interrupt;
use crate::measure::Reading;
use crate::protocol::{End, Greeting, Purpose, Refused, Reply, Request};
use crate::verify::Verified;

/// How long a host may be silent over an item that it has begun, at least: of a processor's time, where the machine is busy.
const SILENCE: Duration = Duration::from_secs(5);
/// How many times longer than an item's messages are expected to take it may be silent.
const PATIENCE: u32 = 20;
/// Beside that, guests may have to be compiled; nobody knows what a host has compiled already. So many of their bytes take a
/// second at most: counting compiles the 1.5 MB of `msgpack`'s requester and replier in 3 seconds of a quiet processor.
const COMPILED_IN_A_SECOND: f64 = 1e5;
/// Compiling is not waited for longer than that, however large the guests are.
const COMPILING: Duration = Duration::from_secs(30);

/// How long a host may be silent over an item whose messages take about so long, and whose guests have so many bytes.
fn patience(messages: Duration, guest_bytes: usize) -> Duration {
    let compiling = Duration::from_secs_f64(guest_bytes as f64 / COMPILED_IN_A_SECOND).min(COMPILING);
    SILENCE.max(PATIENCE * messages) + compiling
}

/// So many silences of the same guests in a host, and their other figures are not tried there; so many of the host itself, and nothing is.
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

/// Whose guests have held a host, and which hosts have begun nothing, for all passes of a command: the figures, by host and guest; no
/// guest is the host itself.
#[derive(Default)]
pub struct Holders(Mutex<HashMap<Holder, Vec<String>>>);

/// A host, and a guest in it.
type Holder = (String, Option<String>);

impl Holders {
    /// Why a figure is not tried in a host, where enough others of the same guests were silent there, or the host itself was.
    fn why_not(&self, host: &str, guest: Option<&str>) -> Option<String> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = |guest: Option<&str>| {
            let silent = held.get(&(host.to_owned(), guest.map(str::to_owned)))?;
            (silent.len() >= ENOUGH_SILENCES).then(|| silent.join(", "))
        };
        if let Some(figures) = silent(None) {
            return Some(format!("not tried, because the host began nothing before when it was asked for: {figures}"));
        }
        let guest = guest?;
        Some(format!("not tried, because a guest of `{guest}` did not return before: {}", silent(Some(guest))?))
    }

    /// A host has begun something: what it was silent about before is forgotten.
    fn spoke(&self, host: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(host.to_owned(), None));
    }

    fn add(&self, host: &str, guest: Option<&str>, figure: &Figure) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = figure.to_string();
        let name = name.strip_prefix("exchange/").unwrap_or(&name);
        held.entry((host.to_owned(), guest.map(str::to_owned))).or_default().push(name.to_owned());
    }
}

/// How long a host may take until it begins its first item, and from one to the next.
const STARTING: Duration = Duration::from_secs(30);

/// What is known of a host beside how it is started.
#[derive(Clone, Debug, Default)]
pub struct Acquaintance {
    /// What the yardstick's work took at best.
    pub best_ns: Option<f64>,
    /// For how long samples were taken in vain.
    pub discarded: Duration,
}

impl Acquaintance {
    fn learn(&mut self, End { best_ns, discarded_s }: End) {
        self.best_ns = best_ns.or(self.best_ns);
        self.discarded = self.discarded.saturating_add(Duration::try_from_secs_f64(discarded_s).unwrap_or_default());
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
    /// Does what is wanted, in as many processes as it takes; `heard` is told what came of each figure, by its place. A
    /// host that does not start, or breaks the protocol, fails what is left. When this command is asked to end, the host is
    /// ended, and of what is left nothing is told.
    ///
    /// # Errors
    /// Where there are no digests for a cell.
    pub fn run(
        &self,
        wanted: &[Wanted],
        known: &mut Acquaintance,
        heard: &mut dyn FnMut(usize, Outcome),
    ) -> anyhow::Result<()> {
        let mut left: VecDeque<usize> = (0..wanted.len()).collect();
        while !left.is_empty() && interrupt::asked().is_none() {
            left.retain(|place| match self.why_not(&wanted[*place]) {
                Some(why) => {
                    heard(*place, Outcome::Held(why));
                    false
                }
                None => true,
            });
            let now: Vec<Wanted> = left.iter().map(|place| wanted[*place].clone()).collect();
            if now.is_empty() {
                return Ok(());
            }
            if let Err(why) = self.in_one_process(&now, known, &mut left, heard)? {
                left.drain(..).for_each(|place| heard(place, Outcome::Failed(why.clone())));
            }
        }
        Ok(())
    }

    fn why_not(&self, wanted: &Wanted) -> Option<String> {
        self.holders.why_not(&self.host.name, self.supplies.guest_of(wanted))
    }

    /// Does what is wanted until the end, or until a guest holds or ends the host. What was done is taken off `left`. An
    /// inner error is why nothing more can be had of the host.
    fn in_one_process(
        &self,
        wanted: &[Wanted],
        known: &mut Acquaintance,
        left: &mut VecDeque<usize>,
        heard: &mut dyn FnMut(usize, Outcome),
    ) -> anyhow::Result<Result<(), String>> {
        let request = self.supplies.round(self.host, self.purpose, wanted, known.best_ns)?;
        let mut conversation = match Conversation::begin(self, wanted, &request) {
            Ok(conversation) => conversation,
            Err(_) if interrupt::asked().is_some() => return Ok(Ok(())),
            Err(error) => return Ok(Err(format!("{error:#}"))),
        };
        loop {
            let (outcome, is_last) = match conversation.next() {
                Said::Outcome(outcome) => (outcome, false),
                Said::LastOutcome(outcome) => (outcome, true),
                Said::End(end) => {
                    known.learn(end);
                    let all = left.is_empty();
                    return Ok(if all { Ok(()) } else { Err("the host ended the round without it".to_owned()) });
                }
                Said::Interrupted => return Ok(Ok(())),
                // Between two items: what is left is asked of another process.
                Said::Gone(_) if conversation.next > 0 => return Ok(Ok(())),
                Said::Gone(why) | Said::Broken(why) => {
                    return Ok(Err(format!("the host {} cannot do this: {why}", self.host.name)));
                }
            };
            if let (Outcome::Held(_), Some(held)) = (&outcome, wanted.get(conversation.next - 1)) {
                self.holders.add(&self.host.name, Some(self.supplies.guest_of(held).unwrap_or("weft")), &held.figure);
            }
            if let Some(place) = left.pop_front() {
                heard(place, outcome);
            }
            if is_last {
                return Ok(Ok(()));
            }
        }
    }

    /// About how long the messages of a figure take: from the payload, at 50 million bytes a second; counting takes ten times that.
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
    /// Whether it has begun the next item.
    begun: bool,
    /// The item that has no outcome yet; all before it have one.
    next: usize,
}

/// What was heard of a process.
enum Said {
    /// What came of the item that it had begun.
    Outcome(Outcome),
    /// The same, and nothing more will come.
    LastOutcome(Outcome),
    /// The round is done.
    End(End),
    /// Nothing more until this command was asked to end.
    Interrupted,
    /// It ended while it did nothing.
    Gone(String),
    /// It cannot do the round, or does not keep to the protocol.
    Broken(String),
}

impl<'a> Conversation<'a> {
    /// Starts a process and asks it for a round.
    fn begin(pass: &'a Pass<'a>, wanted: &'a [Wanted], request: &Request) -> anyhow::Result<Self> {
        let mut process = Process::start(pass.host)?;
        process.ask(request)?;
        Ok(Self { pass, process, wanted, begun: false, next: 0 })
    }

    /// What comes next. One outcome makes the next item the next.
    fn next(&mut self) -> Said {
        loop {
            let patience = self.patience();
            let said = match (self.process.answer(patience), self.begun) {
                (Answer::Reply(reply), _) => match self.take(*reply) {
                    Some(said) => said,
                    None => continue,
                },
                (Answer::Interrupted, _) => Said::Interrupted,
                // Whoever asked this command to end may have asked the host as well.
                (Answer::Ended(_), _) if interrupt::asked().is_some() => Said::Interrupted,
                (Answer::Silent, true) => Said::LastOutcome(self.held(patience)),
                (Answer::Ended(why), true) => {
                    let why = format!("the host's process did not survive its guests: {why}");
                    Said::LastOutcome(Outcome::Failed(why))
                }
                (Answer::Silent, false) => self.silent(patience),
                (Answer::Ended(why), false) => Said::Gone(why),
            };
            if matches!(said, Said::Outcome(_) | Said::LastOutcome(_)) {
                self.pass.holders.spoke(&self.pass.host.name);
                self.begun = false;
                self.next += 1;
            }
            return said;
        }
    }

    /// Nothing came, and it had begun nothing.
    fn silent(&self, patience: Duration) -> Said {
        if let Some(asked) = self.wanted.get(self.next) {
            self.pass.holders.add(&self.pass.host.name, None, &asked.figure);
        }
        Said::Broken(format!("it was silent for {} s", patience.as_secs()))
    }

    fn held(&self, patience: Duration) -> Outcome {
        let guest = self.wanted.get(self.next).and_then(|wanted| self.pass.supplies.guest_of(wanted));
        let guest = guest.map_or_else(|| "a guest".to_owned(), |guest| format!("a guest of `{guest}`"));
        let seconds = patience.as_secs();
        Outcome::Held(format!(
            "{guest} does not return: the host was silent for {seconds} s after it had begun, and was ended"
        ))
    }

    /// How long it may be silent now.
    fn patience(&self) -> Duration {
        match self.wanted.get(self.next) {
            Some(wanted) if self.begun => {
                patience(self.pass.expected_time(&wanted.figure), self.pass.supplies.guest_bytes(wanted))
            }
            _ => STARTING,
        }
    }

    /// What a reply means; none where nothing came of anything yet.
    fn take(&mut self, reply: Reply) -> Option<Said> {
        let (item, outcome) = match (reply, self.pass.purpose) {
            (Reply::Begin { item }, _) if !self.begun && item == self.next && item < self.wanted.len() => {
                self.begun = true;
                return None;
            }
            (Reply::Begin { item }, _) => return Some(Said::Broken(format!("it began item {item} out of turn"))),
            (Reply::End(end), _) if !self.begun => return Some(Said::End(end)),
            (Reply::Error { reason }, _) => return Some(Said::Broken(reason)),
            (Reply::Reading(measured), Purpose::Measure) => {
                (measured.item, timed(measured.reading, self.wanted.get(self.next)))
            }
            (Reply::Verified(verified), Purpose::Verify) => (verified.item, verified_outcome(verified.verified)),
            (Reply::Counted(counted), Purpose::Count) => {
                (counted.item, Outcome::Counted(counted.verified, Box::new(counted.exact)))
            }
            (Reply::Wrong(Refused { item, reason }), _) => (item, Outcome::Wrong(reason)),
            (Reply::Failed(Refused { item, reason }), _) => (item, Outcome::Failed(reason)),
            (Reply::Unsupported(Refused { item, reason }), _) => (item, Outcome::Unsupported(reason)),
            (other, purpose) => {
                let text: String = format!("{other:?}").chars().take(100).collect();
                return Some(Said::Broken(format!("it was asked to {}, and answered {text}", purpose.name())));
            }
        };
        Some(match self.begun && item == self.next {
            true => Said::Outcome(outcome),
            false => Said::Broken(format!("it answered item {item}, which it had not begun")),
        })
    }
}

/// A reading, if it can be one of what was asked for.
fn timed(reading: Reading, wanted: Option<&Wanted>) -> Outcome {
    let [placements, singles] = wanted.map_or([1, 0], |wanted| [wanted.placements.max(1), wanted.singles]);
    if reading.placements.len() > placements as usize || reading.singles.len() > singles as usize {
        return Outcome::Failed("the host said more times than it was asked for".to_owned());
    }
    let is_time = |ns: f64| ns.is_finite() && ns > 0.0;
    let placements = reading.placements.iter().map(|placement| placement.ns);
    let wrong = [reading.ns].into_iter().chain(reading.first_ns).chain(placements).find(|ns| !is_time(*ns));
    match wrong {
        None => Outcome::Reading(reading),
        Some(ns) => Outcome::Failed(format!("the host said what is no time: {ns} ns")),
    }
}

/// What was found out, if it can be so.
fn verified_outcome(verified: Verified) -> Outcome {
    match verified.wire_bytes.is_none_or(|bytes| bytes.is_finite() && bytes >= 0.0) {
        true => Outcome::Verified(verified),
        false => Outcome::Failed("the host said what is no size on the wire".to_owned()),
    }
}

/// Asks nothing of a host but its greeting.
///
/// # Errors
/// Where it does not start.
pub fn greet(host: &KnownHost) -> anyhow::Result<Greeting> {
    Ok(Process::start(host)?.greeting.clone())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Holders, Outcome, Wanted, patience, timed};
    use crate::cell::Figure;
    use crate::measure::{Placement, Reading};

    #[test]
    fn what_is_no_time_is_no_reading() {
        let reading = |ns: f64, first_ns, placement: f64| Reading {
            ns,
            calm: true,
            first_ns,
            singles: Vec::new(),
            placements: vec![Placement { ns: placement, calm: true }],
            calm_rate: None,
            at_s: None,
        };
        let asked = Wanted::once(Figure::Boundary("compile".to_owned()));
        let timed = |reading| timed(reading, Some(&asked));
        assert!(matches!(timed(reading(1.0, None, 2.0)), Outcome::Reading(_)));
        for (ns, first, placement) in
            [(0.0, None, 1.0), (1.0, Some(-1.0), 1.0), (1.0, None, 0.0), (1.0, None, f64::NAN)]
        {
            let outcome = timed(reading(ns, first, placement));
            assert!(matches!(&outcome, Outcome::Failed(why) if why.contains("no time")), "{outcome:?}");
        }
        let more = Reading { singles: vec![(1, 1)], ..reading(1.0, None, 2.0) };
        assert!(matches!(timed(more), Outcome::Failed(why) if why.contains("more times than")));
    }

    #[test]
    fn what_was_silent_often_enough_is_not_tried_again() {
        let (holders, figure) = (Holders::default(), Figure::Boundary("compile".to_owned()));
        let tried = |guest| holders.why_not("node", guest).is_none();
        holders.add("node", Some("bytes"), &figure);
        holders.add("node", None, &figure);
        assert!(tried(Some("bytes")) && tried(None));
        holders.add("node", Some("bytes"), &figure);
        assert!(!tried(Some("bytes")) && tried(Some("json")) && tried(None));
        holders.spoke("node");
        holders.add("node", None, &figure);
        assert!(tried(Some("json")) && !tried(Some("bytes")), "two silences in a row");
        holders.add("node", None, &figure);
        assert!(!tried(Some("json")) && !tried(None) && holders.why_not("native", None).is_none());
    }

    #[test]
    fn a_host_may_be_silent_for_long_where_there_is_much_to_do() {
        let seconds = |messages: u64, guests: usize| patience(Duration::from_secs(messages), guests).as_secs();
        assert_eq!([seconds(0, 0), seconds(0, 3_000), seconds(0, 1_500_000), seconds(2, 0)], [5, 5, 20, 40]);
        assert_eq!(seconds(0, 200_000_000), 35, "nobody waits for an hour");
    }
}
