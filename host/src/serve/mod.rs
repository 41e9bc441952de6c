//! A host's side of the protocol: it reads rounds from its standard input and does what they ask. What joins and times
//! guests stands behind [`Host`].

mod asked;
mod input;
mod own;
mod workshop;

use std::io::{Write, stdout};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use weft_schemas::digest::MASK;

use crate::cell::{Cell, Figure};
use crate::exact::Exact;
use crate::json;
use crate::measure::{Reading, Subject, Work, Yardstick, singles};
use crate::protocol::{
    self, Counted, End, Greeting, Item, Measured, Purpose, Refused, Reply, Request, Round, Verified, line,
};
use crate::verify::{self, Expected, Wrong};

use input::Input;

pub use asked::Asked;
pub use own::{own, run_own};

/// What a host is made of, beside the protocol.
pub trait Host {
    /// Who it is, and what it can do.
    fn greeting(&self) -> Greeting;

    /// Takes over the guests and limits of a round.
    ///
    /// # Errors
    /// Where it cannot begin, such as with a file that is not there.
    fn begin(&mut self, round: &Round) -> anyhow::Result<()>;

    /// The work of its yardstick, from the module of a round.
    ///
    /// # Errors
    /// Where it cannot run it.
    fn yardstick(&mut self, round: &Round) -> anyhow::Result<Work>;

    /// What is to be timed for a figure, fresh; `expected` is what its messages must return, where it has any.
    ///
    /// # Errors
    /// Why there is nothing.
    fn subject(&mut self, asked: Asked<'_>, expected: Option<Arc<Expected>>) -> Result<Box<dyn Subject>, Refusal>;

    /// Verifies a cell with these of the round's guests.
    ///
    /// # Errors
    /// Why it is not verified.
    fn verify(&mut self, cell: &Cell, guests: &str, expected: Arc<Expected>) -> Result<verify::Verified, Refusal>;

    /// Counts a cell with these of the round's guests.
    ///
    /// # Errors
    /// Why it is not counted.
    fn count(&mut self, _: &Cell, _: &str, _: Arc<Expected>) -> Result<(verify::Verified, Exact), Refusal> {
        Err(Refusal::Unsupported("this host counts nothing".to_owned()))
    }
}

/// Why an item came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The host cannot do it.
    Unsupported(String),
    /// A digest is wrong.
    Wrong(String),
    /// A guest failed.
    Failed(String),
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Guest(_) | Wrong::Unsteady | Wrong::Uneven { .. } => Self::Failed(wrong.to_string()),
            Wrong::NoDigest { .. } => Self::Unsupported(wrong.to_string()),
            Wrong::Digest { .. } | Wrong::Sum { .. } | Wrong::Unsent { .. } => Self::Wrong(wrong.to_string()),
        }
    }
}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Wrong>() {
            Ok(wrong) => wrong.into(),
            Err(error) => Self::Failed(format!("{error:#}")),
        }
    }
}

/// Speaks the protocol on standard input and output until the input ends.
///
/// # Errors
/// Where the output cannot be written, for another reason than that nobody reads it any more.
pub fn serve(host: &mut dyn Host) -> anyhow::Result<()> {
    match converse(host) {
        Err(error) if error.downcast_ref::<std::io::Error>().is_some_and(is_closed) => Ok(()),
        result => result,
    }
}

fn is_closed(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::BrokenPipe
}

fn converse(host: &mut dyn Host) -> anyhow::Result<()> {
    say(&Reply::Greeting(host.greeting()))?;
    let input = Input::of_process();
    while let Some(text) = input.next() {
        match json::read(&text) {
            Ok(Request::Round(round)) => {
                let reply = match through(host, &round) {
                    Ok(end) => Reply::End(end),
                    Err(error) if error.downcast_ref::<std::io::Error>().is_some_and(is_closed) => return Err(error),
                    Err(error) => Reply::Error { reason: format!("{error:#}") },
                };
                say(&reply)?;
            }
            Err(error) => say(&Reply::Error { reason: format!("this is no request: {error}") })?,
        }
    }
    Ok(())
}

fn say(reply: &Reply) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{}", line(reply)?)?;
    Ok(out.flush()?)
}

/// Goes through the items of a round.
fn through(host: &mut dyn Host, round: &Round) -> anyhow::Result<End> {
    host.begin(round)?;
    let digests = round.digests.iter().map(|digests| expected(digests)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut yardstick = match round.purpose {
        Purpose::Measure => Some(Yardstick::new(host.yardstick(round)?, round.yardstick.best_ns)),
        Purpose::Verify | Purpose::Count => None,
    };
    for (item, asked) in round.items.iter().enumerate() {
        say(&Reply::Begin { item })?;
        let expected = match asked.digests.map(|place| digests.get(place)) {
            None => Ok(None),
            Some(Some(expected)) => Ok(Some(Arc::clone(expected))),
            Some(None) => Err(Refusal::Failed("the round has no such list of digests".to_owned())),
        };
        let reply = expected.and_then(|expected| reply(host, round.purpose, (item, asked), expected, &mut yardstick));
        say(&reply.unwrap_or_else(|refusal| refused(item, refusal)))?;
    }
    let (best_ns, discarded_s) = yardstick.map_or((None, 0.0), |yardstick| {
        (Some(yardstick.best()).filter(|best| best.is_finite()), yardstick.discarded().as_secs_f64())
    });
    Ok(End { best_ns, discarded_s })
}

fn expected(digests: &[String]) -> anyhow::Result<Arc<Expected>> {
    let digest = |text: &String| {
        let digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let digest = u64::from_str_radix(text, 16).ok().filter(|digest| digits && *digest <= MASK);
        digest.with_context(|| format!("`{text}` is no digest of 63 bits in 16 hexadecimal digits"))
    };
    ensure!(!digests.is_empty(), "a list of digests is empty");
    Ok(Arc::new(Expected::new(digests.iter().map(digest).collect::<anyhow::Result<_>>()?)))
}

fn reply(
    host: &mut dyn Host,
    purpose: Purpose,
    (item, asked): (usize, &Item),
    expected: Option<Arc<Expected>>,
    yardstick: &mut Option<Yardstick>,
) -> Result<Reply, Refusal> {
    let figure = match &asked.figure {
        protocol::Asked::Known(figure) => figure,
        protocol::Asked::Unknown(other) => return Err(Refusal::Unsupported(format!("there is no figure {other}"))),
    };
    let cell = || match (figure, &expected) {
        (Figure::Cell(cell), Some(expected)) => Ok((cell, Arc::clone(expected))),
        _ => Err(Refusal::Unsupported(format!("there is nothing to {} about {figure}", purpose.name()))),
    };
    match (purpose, yardstick) {
        (Purpose::Verify, _) => {
            let (cell, expected) = cell()?;
            let guests = asked.guests.as_deref().unwrap_or(&cell.codec);
            Ok(Reply::Verified(Verified { item, verified: host.verify(cell, guests, expected)? }))
        }
        (Purpose::Count, _) => {
            let (cell, expected) = cell()?;
            let guests = asked.guests.as_deref().unwrap_or(&cell.codec);
            let (verified, exact) = host.count(cell, guests, expected)?;
            Ok(Reply::Counted(Counted { item, verified, exact }))
        }
        (Purpose::Measure, yardstick) => {
            let yardstick = yardstick.as_mut().ok_or_else(|| Refusal::Failed("there is no yardstick".to_owned()))?;
            Ok(Reply::Reading(Measured { item, reading: reading(host, figure, asked, expected, yardstick)? }))
        }
    }
}

/// Further placements are taken only until those of a reading have taken so long for each that was asked for, …
const FOR_EACH_PLACEMENT: Duration = Duration::from_millis(10);
/// … and so long at most.
const FOR_A_READING: Duration = Duration::from_millis(40);

/// The reading of an item: one placement after the other.
fn reading(
    host: &mut dyn Host,
    figure: &Figure,
    item: &Item,
    expected: Option<Arc<Expected>>,
    yardstick: &mut Yardstick,
) -> Result<Reading, Refusal> {
    let (mut sampled, mut times) = (Vec::new(), Vec::new());
    let enough = FOR_A_READING.min(FOR_EACH_PLACEMENT * item.placements);
    let mut taken = Duration::ZERO;
    for number in 0..item.placements.max(1) {
        if number > 0 && taken >= enough {
            break;
        }
        let start = Instant::now();
        let asked = Asked { figure, guests: item.guests.as_deref(), placement: item.placement.wrapping_add(number) };
        let mut subject = host.subject(asked, expected.clone())?;
        sampled.push(yardstick.measure(&mut *subject)?);
        taken += start.elapsed();
        if number == 0 && item.singles > 0 {
            times = singles(&mut *subject, item.singles)?;
        }
    }
    let reading = Reading::of(&sampled, yardstick.age().as_secs_f64());
    let reading = reading.ok_or_else(|| Refusal::Failed("there is no placement".to_owned()))?;
    Ok(Reading { singles: times, ..reading })
}

fn refused(item: usize, refusal: Refusal) -> Reply {
    match refusal {
        Refusal::Unsupported(reason) => Reply::Unsupported(Refused { item, reason }),
        Refusal::Wrong(reason) => Reply::Wrong(Refused { item, reason }),
        Refusal::Failed(reason) => Reply::Failed(Refused { item, reason }),
    }
}
