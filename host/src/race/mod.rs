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

/// How many pairs of a lane one process times: starting one and compiling the guests takes as long as some pairs.
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
    let mut pair = laps.rehearse(lanes)?;
    let most = *LOOKS.last().unwrap_or(&1) as u32;
    let fit = options.time.as_secs_f64() / (f64::from(most) * pair.as_secs_f64().max(1e-6));
    laps.place((fit as u32).clamp(1, MOST_PLACEMENTS));
    pair *= laps.placements();
    live.begin(pair, options.time);
    let start = Instant::now();
    let mut done = 0;
    for (number, look) in LOOKS.into_iter().enumerate() {
        while done < look {
            let left = options.time.saturating_sub(start.elapsed());
            let fit = (left.as_secs_f64() / pair.as_secs_f64().max(1e-6)) as usize;
            // The first look is waited for, however long it takes.
            let fit = if number == 0 { look } else { fit };
            let pairs = PAIRS_OF_A_PROCESS.min(look - done).min(fit);
            if pairs == 0 {
                break;
            }
            let (lap, running) = (Instant::now(), lanes.iter().filter(|lane| lane.runs()).count());
            laps.run(lanes, done, pairs, &mut |lane| live.step(lane))?;
            pair = lap.elapsed() / pairs as u32;
            done += pairs;
            live.show(lanes, done, running);
            if laps.stopped() {
                break;
            }
        }
        if laps.stopped() {
            // Somebody who has seen how it stands has ended it: nothing is judged then.
            looks::stand(lanes);
            break;
        }
        let in_time = done >= look;
        looks::judge(lanes, options.threshold);
        live.look(lanes, done);
        let over = !lanes.iter().any(|lane| lane.runs() && lane.role.is_judged());
        if !in_time || over {
            break;
        }
    }
    live.finish();
    Ok(())
}
