//! A race: two sets of guests, or two hosts, measured in alternation and judged at looks that are fixed beforehand.
//! `docs/STATISTICS.md` says why it decides what two runs minutes apart cannot.
//!
//! A *lane* is a cell with two sides: the *old* one, that is raced against, and the *new* one, that of this working tree.
//! A *pair* is one reading of each side, one after the other; which of them is first alternates.

mod lane;
mod laps;
mod live;
mod looks;
mod outcome;
mod prepare;
mod render;

use std::time::{Duration, Instant};

use crate::cell::{Filter, Matrix};
use crate::guests;
use crate::hosts::KnownHost;

pub use lane::{Lane, Role, Side};
pub use looks::{ALPHA, LOOKS, Standing};
pub use outcome::{ExactChange, Outcome, Raced, Told};
pub use render::Format;

use laps::Laps;
use live::Live;
use prepare::Prepared;

/// What this working tree is raced against.
#[derive(Clone, Debug)]
pub enum Against {
    /// Itself: a control, in which nothing differs.
    Itself,
    /// Other guests in the same host.
    Guests(guests::Against),
    /// The same guests in another host.
    Host(KnownHost),
    /// The guests and the host of other sources.
    Build(guests::Against),
}

/// What is raced, and how long.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which cells.
    pub filter: Filter,
    /// Of which matrix; the smallest that has any, where there is none.
    pub matrix: Option<Matrix>,
    /// For how long, beside building and verifying.
    pub time: Duration,
    /// The smallest change that matters, as a part.
    pub threshold: f64,
}

/// How many pairs of a lane one process times: starting one and loading the guests takes as long as some pairs.
const PAIRS_OF_A_PROCESS: usize = 4;

/// A reading of a side is the mean over at most so many placements.
const MOST_PLACEMENTS: u32 = 8;

/// Races the cells that are selected.
///
/// # Errors
/// Where nothing is selected, a guest cannot be built or a host not be asked.
pub fn race(options: &Options, against: &Against) -> anyhow::Result<Raced> {
    let prepared = Prepared::of(options, against)?;
    let mut lanes = prepared.lanes.clone();
    let mut laps = Laps::new(&prepared);
    if lanes.iter().any(Lane::runs) {
        run(options, &mut lanes, &mut laps)?;
    }
    Ok(Raced { interrupted: laps.stopped(), ..Raced::of(options, &prepared, &lanes, laps.placements()) })
}

/// Laps until every lane is decided, the last look is done, or time is up.
fn run(options: &Options, lanes: &mut [Lane], laps: &mut Laps<'_>) -> anyhow::Result<()> {
    let live = Live::new(lanes);
    let mut pace = Pace::rehearsed(options.time, lanes, laps)?;
    live.begin(pace.pair, options.time, laps.placements());
    let mut done = 0;
    for (number, look) in LOOKS.into_iter().enumerate() {
        while done < look && !laps.stopped() {
            // The first look is waited for, however long it takes.
            let fit = if number == 0 { look } else { pace.fit() };
            let pairs = PAIRS_OF_A_PROCESS.min(look - done).min(fit);
            if pairs == 0 {
                break;
            }
            let begun = Instant::now();
            laps.run(lanes, done, pairs, &mut |lane| live.step(lane))?;
            pace.pair = begun.elapsed() / pairs as u32;
            done += pairs;
            live.show(lanes, done);
        }
        if laps.stopped() {
            // Somebody who has seen how it stands has ended it: nothing is judged then.
            looks::stand(lanes);
            break;
        }
        // Said before it is known how the lanes stand.
        let is_last = number + 1 == LOOKS.len() || pace.fit() == 0;
        looks::judge(lanes, options.threshold, looks::level(number, is_last));
        live.look(lanes, done);
        let over = !lanes.iter().any(|lane| lane.runs() && lane.role.is_judged());
        if is_last || over {
            break;
        }
    }
    live.finish();
    Ok(())
}

/// How long a pair of all lanes takes, and how long is left.
struct Pace {
    pair: Duration,
    time: Duration,
    begun: Instant,
}

impl Pace {
    /// Rehearses a lap, and lets readings have as many placements as time has room for.
    fn rehearsed(time: Duration, lanes: &[Lane], laps: &mut Laps<'_>) -> anyhow::Result<Self> {
        let rehearsal = laps.rehearse(lanes)?;
        let most = LOOKS.iter().copied().max().unwrap_or(1);
        laps.place(rehearsal.placements(time, most, MOST_PLACEMENTS));
        Ok(Self { pair: rehearsal.pair_of(laps.placements()), time, begun: Instant::now() })
    }

    /// How many pairs there is time for.
    fn fit(&self) -> usize {
        let left = self.time.saturating_sub(self.begun.elapsed());
        (left.as_secs_f64() / self.pair.as_secs_f64().max(1e-6)) as usize
    }
}
