//! Laps: the lanes that run, once through, in alternation.
//!
//! Two sets of guests of one host are timed in one process, pair by pair in the order A B B A, each side on a placement of
//! its own. Sides of different hosts are timed in processes that alternate in the same order, and a process has one reading
//! of each lane.

use std::collections::BTreeMap;
use std::mem;
use std::time::{Duration, Instant};

use super::PAIRS_OF_A_PROCESS;
use super::lane::{Lane, Pair};
use super::prepare::Prepared;
use crate::cell::Figure;
use crate::interrupt;
use crate::measure::Reading;
use crate::protocol::Purpose;
use crate::run::{Acquaintance, Holders, Outcome, Pass, Wanted, shuffled};

/// What makes laps, and what it knows of the hosts.
pub struct Laps<'a> {
    prepared: &'a Prepared,
    known: Vec<Acquaintance>,
    holders: Holders,
    placements: u32,
    /// How many laps were made.
    laps: usize,
    /// How many readings of a side one process takes where sides are of different hosts.
    readings: usize,
    /// How long the readings took whose side had one before in its process.
    later: Duration,
}

/// One reading that a lap takes.
#[derive(Clone, Copy, Debug)]
struct Visit {
    lane: usize,
    /// 0 is the old side, 1 the new one.
    side: usize,
    /// Which pair of the lap.
    pair: usize,
    /// Whether its process has had one of that side.
    is_later: bool,
}

impl Visit {
    /// The same once more, after so many others of that side in its process.
    const fn again(self, reading: usize) -> Self {
        Self { pair: self.pair + reading, is_later: reading > 0, ..self }
    }
}

/// What a rehearsal showed.
#[derive(Clone, Copy, Debug)]
pub struct Rehearsal {
    /// How long the processes of a lap take beside their readings: to start, and to load the guests.
    pub start: Duration,
    /// How long a pair of all lanes takes, of one placement a reading.
    pub pair: Duration,
    /// How many pairs share a start.
    pub pairs_of_a_process: u32,
}

impl Rehearsal {
    /// How long a pair of all lanes takes, its part of the start in it, with so many placements a reading.
    pub fn pair_of(&self, placements: u32) -> Duration {
        self.start / self.pairs_of_a_process + self.pair * placements
    }

    /// How many placements a reading can have where `pairs` pairs are to fit into a time: from 1 to `most`.
    pub fn placements(&self, time: Duration, pairs: usize, most: u32) -> u32 {
        let fits = |placements: &u32| self.pair_of(*placements).as_secs_f64() * pairs as f64 <= time.as_secs_f64();
        (1..=most).rev().find(fits).unwrap_or(1)
    }
}

/// What a lap found of a lane's pair: a reading of each side.
type Found = BTreeMap<(usize, usize), [Option<Reading>; 2]>;

impl<'a> Laps<'a> {
    /// No lap was made.
    pub fn new(prepared: &'a Prepared) -> Self {
        let known = prepared.hosts.iter().map(|_| Acquaintance::default()).collect();
        let holders = Holders::default();
        Self { prepared, known, holders, placements: 1, laps: 0, readings: 1, later: Duration::ZERO }
    }

    /// How many placements a reading is the mean of.
    pub const fn placements(&self) -> u32 {
        self.placements
    }

    /// From now on a reading has so many placements.
    pub const fn place(&mut self, placements: u32) {
        self.placements = placements;
    }

    /// Whether somebody has asked for an end.
    pub fn stopped(&self) -> bool {
        interrupt::asked().is_some()
    }

    /// A lap whose readings do not count: it shows how long a pair takes, and a host how fast the machine is at best. Every
    /// process takes each reading twice. The first has loaded guests; the second tells how long a reading takes.
    ///
    /// # Errors
    /// Where a host cannot be asked.
    pub fn rehearse(&mut self, lanes: &[Lane]) -> anyhow::Result<Rehearsal> {
        let mut lanes = lanes.to_vec();
        let is_one = self.prepared.hosts.len() == 1;
        let (pairs, readings) = if is_one { (2, 1) } else { (1, 2) };
        (self.readings, self.later) = (readings, Duration::ZERO);
        let begun = Instant::now();
        self.run(&mut lanes, 0, pairs, &mut |_| ())?;
        let took = begun.elapsed();
        self.readings = 1;
        let pairs_of_a_process = if is_one { PAIRS_OF_A_PROCESS as u32 } else { 1 };
        Ok(Rehearsal { start: took.saturating_sub(2 * self.later), pair: self.later, pairs_of_a_process })
    }

    /// Makes `pairs` pairs of every lane that runs, after `done` earlier ones.
    ///
    /// # Errors
    /// Where a host cannot be asked.
    pub fn run(
        &mut self,
        lanes: &mut [Lane],
        done: usize,
        pairs: usize,
        step: &mut dyn FnMut(&Lane),
    ) -> anyhow::Result<()> {
        let order = self.order(lanes);
        let mut found = Found::new();
        if self.prepared.hosts.len() == 1 {
            let visits: Vec<Visit> = order.iter().flat_map(|lane| alternating(*lane, done, pairs)).collect();
            self.pass(0, &visits, lanes, &mut found, step)?;
        } else {
            for pair in 0..pairs {
                self.processes(&order, done + pair, pair, lanes, &mut found, step)?;
            }
        }
        for ((lane, _), readings) in found {
            if let (Some(lane), [Some(old), Some(new)]) = (lanes.get_mut(lane), readings) {
                let log = new.ns.ln() - old.ns.ln();
                lane.push(Pair { log, calm: old.calm && new.calm, old_ns: old.ns, new_ns: new.ns });
            }
        }
        Ok(())
    }

    /// One pair of every lane in a process for each side: A B, the next time B A.
    fn processes(
        &mut self,
        order: &[usize],
        number: usize,
        pair: usize,
        lanes: &mut [Lane],
        found: &mut Found,
        step: &mut dyn FnMut(&Lane),
    ) -> anyhow::Result<()> {
        let count = self.prepared.hosts.len();
        for turn in 0..count {
            let host = if number.is_multiple_of(2) { turn } else { count - 1 - turn };
            let of = |lane: &usize| {
                let sides = lanes.get(*lane).map(|lane| lane.sides.clone()).into_iter().flatten().enumerate();
                let here = sides.filter(move |(_, side)| side.host == host);
                here.map(|(side, _)| Visit { lane: *lane, side, pair, is_later: false }).collect::<Vec<_>>()
            };
            let once: Vec<Visit> = order.iter().flat_map(of).collect();
            let again = |reading: usize| once.iter().map(move |visit| visit.again(reading));
            let visits: Vec<Visit> = (0..self.readings).flat_map(again).collect();
            self.pass(host, &visits, lanes, found, step)?;
        }
        Ok(())
    }

    /// The lanes that run, in the order of this lap.
    fn order(&mut self, lanes: &[Lane]) -> Vec<usize> {
        let running: Vec<usize> = (0..lanes.len()).filter(|lane| lanes[*lane].runs()).collect();
        let order = shuffled(running.len(), self.laps).into_iter().map(|place| running[place]).collect();
        self.laps += 1;
        order
    }

    /// One process of a host.
    fn pass(
        &mut self,
        host: usize,
        visits: &[Visit],
        lanes: &mut [Lane],
        found: &mut Found,
        step: &mut dyn FnMut(&Lane),
    ) -> anyhow::Result<()> {
        let Self { prepared, known, holders, placements, later, .. } = self;
        let (Some(place), Some(known)) = (prepared.hosts.get(host), known.get_mut(host)) else { return Ok(()) };
        let wanted: Vec<Wanted> =
            visits.iter().filter_map(|visit| wanted(*visit, lanes, &place.name, *placements)).collect();
        let pass = Pass { host: place, purpose: Purpose::Measure, supplies: &prepared.supplies, holders };
        let mut begun = Instant::now();
        pass.run(&wanted, known, &mut |number, outcome| {
            let took = mem::replace(&mut begun, Instant::now()).elapsed();
            let Some((visit, lane)) = visits.get(number).and_then(|visit| Some((visit, lanes.get_mut(visit.lane)?)))
            else {
                return;
            };
            *later += if visit.is_later { took } else { Duration::ZERO };
            match outcome {
                Outcome::Reading(reading) => {
                    found.entry((visit.lane, visit.pair)).or_default()[visit.side] = Some(reading);
                }
                Outcome::Failed(why) => lane.fail(visit.side, &why, false),
                Outcome::Wrong(why) | Outcome::Held(why) | Outcome::Unsupported(why) => {
                    lane.fail(visit.side, &why, true);
                }
                Outcome::Verified(_) | Outcome::Counted(..) => {
                    lane.fail(visit.side, "it was not timed but something else", true)
                }
            }
            step(lane);
        })
    }
}

/// A B, B A, A B, … of one lane.
fn alternating(lane: usize, done: usize, pairs: usize) -> impl Iterator<Item = Visit> {
    (0..pairs).flat_map(move |pair| {
        let sides = if (done + pair).is_multiple_of(2) { [0, 1] } else { [1, 0] };
        sides.map(|side| Visit { lane, side, pair, is_later: pair > 0 })
    })
}

/// How a host is asked for a reading.
fn wanted(visit: Visit, lanes: &[Lane], host: &str, placements: u32) -> Option<Wanted> {
    let lane = lanes.get(visit.lane)?;
    let side = lane.sides.get(visit.side)?;
    let figure = Figure::Cell(lane.on(host));
    let placement = side.placement + visit.pair as u32 * placements;
    let messages = Some(lane.messages);
    Some(Wanted { placement, placements, messages, ..Wanted::once(figure).with(side.guests.as_deref()) })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Rehearsal, alternating};

    #[test]
    fn sides_alternate_over_laps() {
        let sides = |done, pairs| alternating(0, done, pairs).map(|visit| visit.side).collect::<Vec<_>>();
        assert_eq!(sides(0, 4), [0, 1, 1, 0, 0, 1, 1, 0]);
        assert_eq!(sides(3, 2), [1, 0, 0, 1]);
    }

    /// The first reading of each side has its guests loaded, so it does not tell how long one takes.
    #[test]
    fn later_readings_are_of_sides_that_a_process_has_had() {
        let later = |done| alternating(0, done, 2).map(|visit| visit.is_later).collect::<Vec<_>>();
        assert_eq!((later(0), later(3)), (vec![false, false, true, true], vec![false, false, true, true]));
        let first = alternating(0, 0, 1).next().expect("a visit");
        assert_eq!(
            [0, 1].map(|reading| (first.again(reading).pair, first.again(reading).is_later)),
            [(0, false), (1, true)]
        );
    }

    /// A start of 0.4 s that four pairs share, and pairs of 0.1 s a placement: 64 pairs take 12.8 s with one and 57.6 s with
    /// eight. Where the start were taken for a part of each placement, one pair were 0.2 s and four would fit.
    #[test]
    fn a_start_is_paid_once_however_many_placements_there_are() {
        let [start, pair] = [400, 100].map(Duration::from_millis);
        let four = Rehearsal { start, pair, pairs_of_a_process: 4 };
        assert_eq!(four.pair_of(3), Duration::from_millis(400));
        let fit = |of: Rehearsal, seconds| of.placements(Duration::from_secs(seconds), 64, 8);
        assert_eq!([1, 13, 57, 58, 600].map(|seconds| fit(four, seconds)), [1, 1, 7, 8, 8]);
        assert_eq!(fit(Rehearsal { pairs_of_a_process: 1, ..four }, 58), 5);
    }
}
