//! A cell with its two sides, and what was found of them.

use super::looks::Standing;
use super::outcome::ExactChange;
use crate::cell::Cell;
use crate::compare::Verdict;

/// After so many failed readings a lane is given up.
const ENOUGH_FAILURES: usize = 3;

/// A reading rotates through messages of about so many bytes together, …
const ROTATION_BYTES: u64 = 64 << 10;
/// … but through so many at least, where there are as many. A pair makes all of its messages anew on each placement, and slow
/// cells time each of them: with whole rotations of large ones a race would have few pairs.
const FEWEST_MESSAGES: usize = 4;

/// How many messages of such a payload a reading rotates through at most.
fn rotation(payload_bytes: u64) -> usize {
    FEWEST_MESSAGES.max((ROTATION_BYTES / payload_bytes.max(1)) as usize)
}

/// One side of a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The host, by its place among those of the race.
    pub host: usize,
    /// The name of the guests in a round, where it is not the codec's.
    pub guests: Option<String>,
    /// What is added to the numbers of placements, so that two sides of the same guests are never the same placement.
    pub placement: u32,
}

/// A pair of readings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// ln new − ln old.
    pub log: f64,
    /// Whether both had calm moments.
    pub calm: bool,
    /// The old side's time, in nanoseconds.
    pub old_ns: f64,
    /// The new side's time, in nanoseconds.
    pub new_ns: f64,
}

/// What a lane is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its sides differ, and it is judged.
    Raced,
    /// Its sides are the same, and it is judged: the race is a control as a whole.
    Itself,
    /// Its sides are the same, and it runs along with others until they are decided: what nothing looks like.
    Control,
}

impl Role {
    /// Whether verdicts are about such lanes.
    pub const fn is_judged(self) -> bool {
        matches!(self, Self::Raced | Self::Itself)
    }

    /// Whether both sides are the same.
    pub const fn is_same(self) -> bool {
        matches!(self, Self::Itself | Self::Control)
    }
}

/// A cell with its two sides.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The cell on weft's own host.
    pub cell: Cell,
    /// What it is for.
    pub role: Role,
    /// The old side and the new one.
    pub sides: [Side; 2],
    /// How many messages its readings rotate through at most.
    pub messages: usize,
    /// The exact figures that differ.
    pub exact: Vec<ExactChange>,
    /// The pairs so far.
    pub pairs: Vec<Pair>,
    /// What was said at the last look.
    pub standing: Option<Standing>,
    /// Why it is not raced, or not any more.
    pub out: Option<String>,
    /// Whether that is because of the new side.
    pub broken: bool,
    failures: usize,
}

impl Lane {
    /// A lane that has run nothing yet.
    pub fn new(cell: Cell, role: Role, sides: [Side; 2]) -> Self {
        let (exact, pairs, messages) = (Vec::new(), Vec::new(), rotation(cell.message.payload_bytes()));
        Self { cell, role, sides, messages, exact, pairs, standing: None, out: None, broken: false, failures: 0 }
    }

    /// Whether further pairs are wanted: it is not decided, or it runs along.
    pub fn runs(&self) -> bool {
        let decided = self
            .standing
            .as_ref()
            .is_some_and(|standing| !matches!(standing.verdict, Verdict::Unsure | Verdict::NotJudged));
        self.out.is_none() && (self.role == Role::Control || !decided)
    }

    /// Its cell on a host. Another build of weft's own host is called after its revision, and its cells are not.
    pub fn on(&self, host: &str) -> Cell {
        self.cell.on(host.split_once('@').map_or(host, |(host, _)| host))
    }

    /// Takes a pair.
    pub fn push(&mut self, pair: Pair) {
        if pair.log.is_finite() {
            self.pairs.push(pair);
        }
    }

    /// Takes a reading of a side that failed; 1 is the new one.
    pub fn fail(&mut self, side: usize, why: &str, hopeless: bool) {
        self.failures += 1;
        if hopeless || self.failures >= ENOUGH_FAILURES {
            self.put_out(side, why.to_owned());
        }
    }

    /// It cannot be raced, because of a side.
    pub fn put_out(&mut self, side: usize, why: String) {
        if self.out.is_none() {
            self.broken = side == 1 && self.role == Role::Raced;
            self.out = Some(why);
        }
    }

    /// The differences that count: those of calm pairs where at least half of them are, otherwise all.
    pub fn differences(&self) -> Vec<f64> {
        let calm = self.pairs.iter().filter(|pair| pair.calm).count();
        let all = 2 * calm < self.pairs.len() || calm < 4;
        self.pairs.iter().filter(|pair| all || pair.calm).map(|pair| pair.log).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::rotation;

    #[test]
    fn fewer_large_messages_are_rotated_through() {
        assert_eq!([16, 12_800, 65_536, 16 << 20].map(rotation), [4096, 5, 4, 4]);
    }
}
