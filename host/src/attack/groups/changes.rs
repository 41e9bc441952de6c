//! A message of each codec that checks what it reads, changed while its consumer reads it: at many of the checks of the epoch that it comes to.
//!
//! The consumer may read the message as it was before, or as it is after; it may refuse it. What is of neither message was read in parts:
//! what was checked is then not what was used.

use std::collections::BTreeMap;

use anyhow::Context;
use weft_link::guest::{Compiled, GuestError};
use weft_link::transport::Transport;
use weft_link::{Engine, Pair, Setting};

use super::codecs::{CHECKS_NOTHING, why_nothing};
use super::reading::{Reading, codec};
use crate::attack::child::{Line, in_a_line};
use crate::attack::header::Header;
use crate::attack::hostile::{Attack, Half, Origin};
use crate::attack::meddler::{Change, Meddler, Watch};
use crate::attack::outcome::{Outcome, Seen};
use crate::build;
use crate::guests::{Codec, workspace};
use crate::run::limits_from_environment;

const GROUP: &str = "change after the check";

/// What the names of these attacks begin with; then comes the codec's.
pub const NAME: &str = "changed-";

/// The transports that copy nothing.
const OVER_WHICH: [&str; 3] = ["window", "pane", "linked"];

/// So many of the checks that a consumer comes to are moments of a change, evenly chosen, the first and the last among them.
const MOMENTS: u32 = 16;

/// An attack for each codec of the workspace.
///
/// # Errors
/// Where they cannot be listed.
pub fn attacks() -> anyhow::Result<Vec<Attack>> {
    let attack = |codec: String| Attack {
        name: format!("{NAME}{codec}"),
        head: Header::of(GROUP, Half::Near, &format!("changes a message while the consumer of `{codec}` reads it"))
            .only_over(&OVER_WHICH, "what the consumer reads is its own copy, which nobody else can change"),
        origin: Origin::Changes(codec),
    };
    Ok(build::codecs(workspace())?.into_iter().map(|of| attack(of.name)).collect())
}

/// Why a codec's messages are not changed; none where it checks what it reads.
fn why_not(codec: &Codec) -> Option<&'static str> {
    why_nothing(codec).or(codec.is_floor().then_some(CHECKS_NOTHING))
}

/// Changes messages of a codec while they are read, and tells what is seen of each.
///
/// # Errors
/// Where its guests do not work, or nothing can be told.
pub fn change_while_read(
    name: &str,
    transport: &dyn Transport,
    tell: &mut dyn FnMut(&Line) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let codec = codec(name)?;
    if let Some(why) = why_not(&codec) {
        tell(&Line::Begun(String::new()))?;
        return tell(&Line::Seen(Seen::nothing(Outcome::NotApplicable, why)));
    }
    let setting = Setting::of_host("wasmtime+epochs").context("no setting looks at epochs")?;
    let meddler = Meddler::default();
    let engine = meddler.engine(&Engine::new(setting, limits_from_environment()?)?);
    for reading in Reading::all(&engine, &codec, transport, 2)? {
        let input = format!("{}/{}", reading.message, reading.task);
        tell(&Line::Begun(input.clone()))?;
        let (outcome, seen) = Victim::new(&reading, &meddler)?.at_all_moments()?;
        tell(&Line::Seen(Seen { outcome, seen, input }))?;
    }
    Ok(())
}

/// What a consumer makes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    Digest(u64),
    Refused,
    Trapped(String),
}

impl Answer {
    fn of(came: Result<u64, GuestError>) -> Self {
        match came {
            Ok(digest) => Self::Digest(digest),
            Err(GuestError::Status { .. }) => Self::Refused,
            Err(error) => Self::Trapped(in_a_line(&error)),
        }
    }
}

/// A consumer and the message that is changed while it reads; another one comes before and after.
struct Victim<'a> {
    reading: &'a Reading<'a>,
    meddler: &'a Meddler,
    guests: Compiled,
    message: Vec<u8>,
    other: Vec<u8>,
    /// The digests of both.
    digests: [u64; 2],
}

impl<'a> Victim<'a> {
    /// The longest message of a rotation, and the last that is another.
    fn new(reading: &'a Reading<'a>, meddler: &'a Meddler) -> anyhow::Result<Self> {
        let wire = reading.wire()?;
        let numbered = || wire.iter().enumerate();
        let (number, message) = numbered().max_by_key(|(_, bytes)| bytes.len()).context("nothing was sent")?;
        let (second, other) =
            numbered().rev().find(|(_, other)| *other != message).context("all its messages are the same")?;
        let digests = [reading.digest(number)?, reading.digest(second)?];
        let (message, other) = (message.clone(), other.clone());
        Ok(Self { reading, meddler, guests: reading.guests()?, message, other, digests })
    }

    /// Changes the message at each of some moments, in each way.
    fn at_all_moments(&self) -> anyhow::Result<(Outcome, String)> {
        let (answer, undisturbed) = self.read(&mut *self.pair(&self.message)?, None);
        let right = Answer::Digest(self.digests[0]);
        anyhow::ensure!(answer == right, "a good {} is not read", self.reading.message);
        let mut whole = BTreeMap::new();
        let mut tally = Tally { checks: undisturbed.checks, ..Tally::default() };
        for moment in moments(undisturbed.checks) {
            for bytes in self.changed(moment) {
                if !whole.contains_key(&bytes) {
                    let came = self.pair(&bytes)?.produce(0, 1);
                    whole.insert(bytes.clone(), Answer::of(came));
                }
                let mut pair = self.pair(&self.message)?;
                let (answer, watch) = self.read(&mut *pair, Some(Change { moment, bytes: bytes.clone() }));
                anyhow::ensure!(watch.changed, "it does not come to check {moment} a second time");
                let over = matches!(answer, Answer::Trapped(_));
                tally.count(answer, watch, [&right, &whole[&bytes]]);
                if !over && Answer::of(pair.produce(1, 1)) != Answer::Digest(self.digests[1]) {
                    tally.wrong_after += 1;
                }
            }
        }
        Ok(tally.judged())
    }

    /// A fresh pair, to which a message can be sent, that has read the other one.
    fn pair(&self, message: &[u8]) -> anyhow::Result<Box<dyn Pair>> {
        let inputs = vec![message.to_vec(), self.other.clone()];
        let mut pair = self.reading.join(self.reading.engine, &self.guests, inputs)?;
        let came = Answer::of(pair.produce(1, 1));
        anyhow::ensure!(came == Answer::Digest(self.digests[1]), "a fresh pair does not work: {came:?}");
        Ok(pair)
    }

    /// Sends the message, which is watched.
    fn read(&self, pair: &mut dyn Pair, change: Option<Change>) -> (Answer, Watch) {
        self.meddler.begin(&self.message, change);
        let came = pair.produce(0, 1);
        (Answer::of(came), self.meddler.end())
    }

    /// What becomes of the message at a moment: hostile lengths and pointers everywhere, nothing, another message, one bit flipped.
    fn changed(&self, moment: u32) -> [Vec<u8>; 4] {
        let len = self.message.len();
        let mut other = self.message.clone();
        other.iter_mut().zip(&self.other).for_each(|(byte, other)| *byte = *other);
        let mut flipped = self.message.clone();
        // Another one each time: 31 and the number of bits have nothing in common, mostly.
        let bit = (moment as usize * 31) % (8 * len.max(1));
        flipped.iter_mut().skip(bit / 8).take(1).for_each(|byte| *byte ^= 1 << (bit % 8));
        [vec![0xFF; len], vec![0; len], other, flipped]
    }
}

/// Some moments of so many checks, evenly chosen.
fn moments(checks: u32) -> Vec<u32> {
    let some = MOMENTS.min(checks);
    let mut all: Vec<u32> = (0..some).map(|place| 1 + place * (checks - 1) / (some - 1).max(1)).collect();
    all.dedup();
    all
}

/// What came of all changes.
#[derive(Debug, Default)]
struct Tally {
    checks: u32,
    changes: u32,
    before: u32,
    after: u32,
    refused: u32,
    neither: u32,
    endless: u32,
    wrong_after: u32,
    trapped: u32,
    trap: Option<String>,
}

impl Tally {
    /// Counts an answer; `known` are those to the message as it was, and as it became.
    fn count(&mut self, answer: Answer, watch: Watch, known: [&Answer; 2]) {
        self.changes += 1;
        let slot = match answer {
            _ if watch.endless => &mut self.endless,
            Answer::Trapped(trap) => {
                self.trap.get_or_insert(trap);
                &mut self.trapped
            }
            answer if answer == *known[0] => &mut self.before,
            Answer::Refused => &mut self.refused,
            answer if answer == *known[1] => &mut self.after,
            Answer::Digest(_) => &mut self.neither,
        };
        *slot += 1;
    }

    /// Harm is what no message explains.
    fn judged(&self) -> (Outcome, String) {
        let trap = self.trap.as_deref().unwrap_or_default();
        let said = [
            (self.before, "read as it was".to_owned()),
            (self.after, "read as it became".to_owned()),
            (self.refused, "refused".to_owned()),
            (self.neither, "read as what nobody sent".to_owned()),
            (self.trapped, format!("ended by a trap ({trap})")),
            (self.endless, "read without end".to_owned()),
            (self.wrong_after, "the next message was read wrongly".to_owned()),
        ];
        let said = said.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
        let said = said.collect::<Vec<_>>().join(", ");
        let harm = self.neither + self.trapped + self.endless + self.wrong_after > 0;
        let outcome = if harm { Outcome::PeerHarmed } else { Outcome::Contained };
        (outcome, format!("changed {} times, at some of {} checks: {said}", self.changes, self.checks))
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, MOMENTS, Outcome, Tally, Watch, moments};

    #[test]
    fn moments_are_spread_from_the_first_to_the_last() {
        assert_eq!((moments(0), moments(1), moments(3)), (vec![], vec![1], vec![1, 2, 3]));
        let many = moments(1000);
        assert_eq!((many.len(), many.first(), many.last()), (MOMENTS as usize, Some(&1), Some(&1000)));
    }

    #[test]
    fn only_what_no_message_explains_is_harm() {
        let known = [&Answer::Digest(1), &Answer::Digest(2)];
        let judged = |answers: &[Answer], endless| {
            let mut tally = Tally::default();
            let watch = Watch { endless, ..Watch::default() };
            answers.iter().for_each(|answer| tally.count(answer.clone(), watch, known));
            tally.judged()
        };
        let fine = [Answer::Digest(1), Answer::Digest(2), Answer::Refused];
        let (outcome, seen) = judged(&fine, false);
        assert_eq!(outcome, Outcome::Contained);
        assert!(seen.ends_with("1 read as it was, 1 read as it became, 1 refused"), "{seen}");
        for harm in [Answer::Digest(3), Answer::Trapped("out of bounds".to_owned())] {
            assert_eq!(judged(&[harm], false).0, Outcome::PeerHarmed);
        }
        assert_eq!(judged(&fine, true).0, Outcome::PeerHarmed);
    }
}
