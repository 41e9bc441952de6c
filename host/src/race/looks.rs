//! When a race is looked at, and what is said then.
//!
//! Who looks after every pair and stops when it seems sure is wrong far more often than he says: looking at a threshold of
//! 5 % until it holds, one cell in eighteen that had not changed was called changed. So there are four looks, at numbers of
//! pairs that are fixed beforehand, and each has a quarter of α (Bonferroni). A look that time cuts short is made
//! with the pairs that there are, and has the quarters of those that are no longer made: the clock does not know what the pairs say.

use serde::Serialize;

use super::lane::Lane;
use crate::compare::Verdict;
use crate::statistics::holm::holm;
use crate::statistics::trimmed::Mean;

/// After how many pairs verdicts are looked at.
pub const LOOKS: [usize; 4] = [8, 16, 32, 64];

/// The probability of any false *faster* or *slower* among the lanes of a race, over all looks.
pub const ALPHA: f64 = 0.05;

/// The probability of any false *faster* or *slower* at one look: its quarter of α, and at the last one what is left.
pub fn level(look: usize, is_last: bool) -> f64 {
    let quarters = if is_last { LOOKS.len().saturating_sub(look) } else { 1 };
    ALPHA * quarters as f64 / LOOKS.len() as f64
}

/// What is taken off the degrees of freedom of a lane's mean. Of few normal values Yuen's test rejects up to twice as often
/// as it says in the tail that Holm needs among many lanes; with this it is within a fifth of its level for 8 values and
/// more (simulated: `where_nothing_differs_hardly_any_race_finds_something`).
const FREEDOM_LOST: f64 = 0.5;

/// The confidence of the intervals that are shown.
const CONFIDENCE: f64 = 0.95;

/// What a look says of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// *faster*, *slower*, *same* or *unsure*.
    pub verdict: Verdict,
    /// New ÷ old.
    pub ratio: f64,
    /// The lower end of its 95 % interval, of this lane alone.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How probable such a ratio is where nothing differs, by Holm's correction for all lanes.
    pub p_holm: f64,
    /// How many pairs it is made of.
    pub pairs: usize,
    #[serde(skip)]
    p: f64,
}

impl Standing {
    /// Half the width of the interval, as a part.
    pub fn half_width(&self) -> f64 {
        (self.high / self.low).sqrt() - 1.0
    }
}

/// Judges all lanes that still run, at a look's [`level`]; those that were decided before keep what was said.
pub fn judge(lanes: &mut [Lane], threshold: f64, level: f64) {
    let means: Vec<Option<Mean>> = lanes.iter().map(mean).collect();
    let in_family = |lane: &Lane| lane.role.is_judged() && lane.out.is_none();
    let p = |(lane, mean): (&Lane, &Option<Mean>)| match (lane.runs(), &lane.standing) {
        (false, Some(decided)) => decided.p,
        _ => mean.map_or(1.0, |mean| mean.p_value()),
    };
    let all: Vec<f64> = lanes.iter().zip(&means).map(p).collect();
    let family: Vec<usize> = (0..lanes.len()).filter(|place| in_family(&lanes[*place])).collect();
    let adjusted = holm(&family.iter().map(|place| all[*place]).collect::<Vec<_>>());
    for (place, (lane, mean)) in lanes.iter_mut().zip(means).enumerate() {
        let (Some(mean), true) = (mean, lane.runs()) else { continue };
        let rank = family.iter().position(|other| *other == place);
        let p_holm = rank.and_then(|rank| adjusted.get(rank)).copied().unwrap_or(all[place]);
        lane.standing = Some(standing(&mean, lane.differences().len(), (all[place], p_holm), (threshold, level)));
    }
}

/// The mean of a lane's differences so far. None of fewer than two pairs.
fn mean(lane: &Lane) -> Option<Mean> {
    let mean = Mean::of(&lane.differences())?;
    Some(Mean { freedom: mean.freedom - FREEDOM_LOST, ..mean })
}

/// How all lanes that still run stand, without a verdict.
pub fn stand(lanes: &mut [Lane]) {
    for lane in lanes.iter_mut().filter(|lane| lane.runs()) {
        let (mean, pairs) = (mean(lane), lane.differences().len());
        let unsure =
            |mean: &Mean| Standing { verdict: Verdict::NotJudged, ..standing(mean, pairs, (1.0, 1.0), (0.0, 0.0)) };
        lane.standing = mean.as_ref().map(unsure);
    }
}

fn standing(mean: &Mean, pairs: usize, (p, p_holm): (f64, f64), (threshold, level): (f64, f64)) -> Standing {
    let within = threshold.ln_1p();
    // Two one-sided tests, each at the look's share of α.
    let (low, high) = mean.interval(1.0 - 2.0 * level);
    let verdict = if low >= -within && high <= within {
        Verdict::Same
    } else if p_holm > level {
        Verdict::Unsure
    } else if mean.mean < 0.0 {
        Verdict::Faster
    } else {
        Verdict::Slower
    };
    let (low, high) = mean.interval(CONFIDENCE);
    Standing { verdict, ratio: mean.mean.exp(), low: low.exp(), high: high.exp(), p_holm, pairs, p }
}

#[cfg(test)]
mod tests {
    use weft_schemas::Random;

    use super::{ALPHA, LOOKS, judge, level};
    use crate::compare::Verdict;
    use crate::race::lane::{Lane, Pair, Role, Side};

    fn lane(role: Role) -> Lane {
        let side = Side { host: 0, guests: None, placement: 0 };
        Lane::new("log@1/own/bytes/direct".parse().expect("a cell"), role, [side.clone(), side])
    }

    /// About normal, with a standard deviation of 1.
    fn normal(random: &mut Random) -> f64 {
        (0..12).map(|_| random.below(1 << 40) as f64 / (1_u64 << 40) as f64).sum::<f64>() - 6.0
    }

    fn pair(log: f64) -> Pair {
        Pair { log, calm: true, old_ns: 1.0, new_ns: log.exp() }
    }

    /// Races lanes whose new side is slower by these; the verdicts after all looks.
    fn raced(random: &mut Random, changes: &[f64], spread: f64, threshold: f64) -> Vec<Verdict> {
        raced_until(random, changes, (spread, threshold), LOOKS[3])
    }

    /// The same where time is up after so many pairs.
    fn raced_until(random: &mut Random, changes: &[f64], (spread, threshold): (f64, f64), most: usize) -> Vec<Verdict> {
        let mut lanes: Vec<Lane> = changes.iter().map(|_| lane(Role::Raced)).collect();
        let mut done = 0;
        for (number, look) in LOOKS.map(|look| look.min(most)).into_iter().enumerate() {
            if done == most {
                break;
            }
            for (lane, change) in lanes.iter_mut().zip(changes).filter(|(lane, _)| lane.runs()) {
                (done..look).for_each(|_| lane.push(pair(change + spread * normal(random))));
            }
            done = look;
            judge(&mut lanes, threshold, level(number, look == most));
        }
        lanes.iter().map(|lane| lane.standing.expect("a standing").verdict).collect()
    }

    #[test]
    fn where_nothing_differs_hardly_any_race_finds_something() {
        let mut random = Random::new(3, 0);
        let false_alarms = (0..200).filter(|_| {
            let verdicts = raced(&mut random, &[0.0; 40], 0.05, 0.02);
            verdicts.iter().any(|verdict| matches!(verdict, Verdict::Faster | Verdict::Slower))
        });
        // 5 %, and twice the standard error.
        assert!(false_alarms.count() <= 16);
    }

    #[test]
    fn looks_share_alpha_wherever_time_ends_them() {
        for last in 0..LOOKS.len() {
            let spent: f64 = (0..=last).map(|look| level(look, look == last)).sum();
            assert!((spent - ALPHA).abs() < 1e-12, "{last}: {spent}");
        }
    }

    /// The pairs of a lane that no time is left for to look at once more tell more at the last look.
    #[test]
    fn a_race_that_time_ends_has_no_more_false_alarms_and_fewer_unsure() {
        let mut random = Random::new(6, 0);
        for most in [8, 12, 27] {
            let alarms = (0..200).filter(|_| {
                let verdicts = raced_until(&mut random, &[0.0; 40], (0.05, 0.02), most);
                verdicts.iter().any(|verdict| matches!(verdict, Verdict::Faster | Verdict::Slower))
            });
            assert!(alarms.count() <= 16, "{most}");
        }
        let mut lanes = [lane(Role::Raced)];
        (0..12).for_each(|number| lanes[0].push(pair(if number % 2 == 0 { 0.018 } else { -0.018 })));
        let verdicts = [false, true].map(|is_last| {
            lanes[0].standing = None;
            judge(&mut lanes, 0.021, level(1, is_last));
            lanes[0].standing.map(|standing| standing.verdict)
        });
        assert_eq!(verdicts, [Some(Verdict::Unsure), Some(Verdict::Same)]);
    }

    #[test]
    fn what_differs_is_found_and_what_does_not_is_the_same() {
        let mut random = Random::new(4, 0);
        let verdicts = raced(&mut random, &[0.0, 0.05, -0.05, 0.0, 0.002], 0.02, 0.02);
        assert_eq!(verdicts, [Verdict::Same, Verdict::Slower, Verdict::Faster, Verdict::Same, Verdict::Same]);
        assert_eq!(raced(&mut random, &[0.0], 0.5, 0.01), [Verdict::Unsure]);
    }

    #[test]
    fn controls_are_judged_apart_and_run_on() {
        let mut random = Random::new(5, 0);
        let mut lanes = vec![lane(Role::Raced), lane(Role::Control)];
        for lane in &mut lanes {
            (0..8).for_each(|_| lane.push(pair(0.001 * normal(&mut random))));
        }
        judge(&mut lanes, 0.05, level(0, false));
        assert!(!lanes[0].runs() && lanes[1].runs());
        assert_eq!(lanes[1].standing.map(|standing| standing.verdict), Some(Verdict::Same));
    }
}
