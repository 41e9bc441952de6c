//! Crossovers: from which size on one way is faster than another.
//!
//! Lines are straight between their points where both axes are logarithmic, as they are drawn. A crossover
//! counts only where per-round differences say on both sides who is the faster (Holm's correction goes over all sizes and
//! pairs of lines that one chart has), and only where the two are the fastest of the lines that are compared: what crosses far above the
//! best helps nobody to choose. Each names the lines that are faster still, so that who compares some of them can tell.

use super::told::{Told, told};
use crate::measure::RoundReading;

/// A latency at a size.
#[derive(Clone, Copy, Debug)]
pub struct Point<'a> {
    /// The size in bytes.
    pub bytes: f64,
    /// The time of a message, in nanoseconds.
    pub ns: f64,
    /// What it is made of.
    pub readings: &'a [RoundReading],
}

/// Where one line becomes faster than another.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossover {
    /// The size in bytes.
    pub bytes: f64,
    /// The latency there, in nanoseconds.
    pub ns: f64,
    /// Which line is faster above that size, by its place among the lines.
    pub winner: usize,
    /// Which is faster below.
    pub loser: usize,
    /// The other lines that are faster at that size. It is a choice only among lines without them.
    pub faster: Vec<usize>,
}

/// Lines that are compared with each other. Each line's points ascend by size.
pub type Lines<'a> = Vec<Vec<Point<'a>>>;

/// The points of two lines at the sizes that both have.
struct Couple<'a> {
    /// The lines among which the two are.
    lines: &'a Lines<'a>,
    /// The places of the two.
    places: [usize; 2],
    points: Vec<(Point<'a>, Point<'a>)>,
}

/// The crossovers of each two lines that are compared, by size, of all lines that one chart has: those that are compared with
/// each other stand together, such as the codecs of a league.
pub fn crossovers(chart: &[Lines<'_>]) -> Vec<Crossover> {
    let couples: Vec<Couple<'_>> = chart.iter().flat_map(couples).collect();
    let compared: Vec<_> =
        couples.iter().flat_map(|couple| &couple.points).map(|(a, b)| (a.readings, b.readings)).collect();
    let mut verdicts = told(&compared).into_iter();
    let mut found = Vec::new();
    for Couple { lines, places: [a, b], points } in couples {
        let verdicts: Vec<Option<Told>> = verdicts.by_ref().take(points.len()).collect();
        found.extend(of_two(&points, &verdicts).into_iter().map(|(bytes, ns, first_wins)| {
            let (winner, loser) = if first_wins { (a, b) } else { (b, a) };
            Crossover { bytes, ns, winner, loser, faster: faster(lines, [a, b], (bytes, ns)) }
        }));
    }
    found.sort_by(|a, b| a.bytes.total_cmp(&b.bytes));
    found
}

/// Each two of some lines.
fn couples<'a>(lines: &'a Lines<'a>) -> impl Iterator<Item = Couple<'a>> {
    let places = (0..lines.len()).flat_map(|b| (0..b).map(move |a| [a, b]));
    places.filter_map(|places @ [a, b]| Some(Couple { lines, places, points: common(lines.get(a)?, lines.get(b)?) }))
}

/// The lines beside two that take less than `ns` at a size.
fn faster(lines: &[Vec<Point<'_>>], two: [usize; 2], (bytes, ns): (f64, f64)) -> Vec<usize> {
    let others = lines.iter().enumerate().filter(|(place, _)| !two.contains(place));
    others.filter(|(_, line)| at(line, bytes).is_some_and(|other| other < ns)).map(|(place, _)| place).collect()
}

/// The points of two lines where both have one.
fn common<'a>(first: &[Point<'a>], second: &[Point<'a>]) -> Vec<(Point<'a>, Point<'a>)> {
    let both = first.iter().filter_map(|a| Some((*a, *second.iter().find(|b| b.bytes == a.bytes)?)));
    both.filter(|(a, b)| a.bytes > 0.0 && a.ns > 0.0 && b.ns > 0.0).collect()
}

/// Where two lines cross: size, latency, and whether the first is the faster above.
fn of_two(common: &[(Point<'_>, Point<'_>)], verdicts: &[Option<Told>]) -> Vec<(f64, f64, bool)> {
    let mut found = Vec::new();
    // The last size at which one was clearly faster, and whether it was the first.
    let mut decided: Option<(usize, bool)> = None;
    for (at, verdict) in verdicts.iter().enumerate() {
        let first_wins = match verdict {
            Some(Told::Faster) => true,
            Some(Told::Slower) => false,
            Some(Told::Alike) | None => continue,
        };
        if let Some((before, first_won)) = decided
            && first_won != first_wins
            && let Some((bytes, ns)) = common.get(before..=at).and_then(meeting)
        {
            found.push((bytes, ns, first_wins));
        }
        decided = Some((at, first_wins));
    }
    found
}

/// Where two lines meet first.
fn meeting(common: &[(Point<'_>, Point<'_>)]) -> Option<(f64, f64)> {
    let gap = |(a, b): &(Point<'_>, Point<'_>)| a.ns.ln() - b.ns.ln();
    common.iter().zip(common.iter().skip(1)).find_map(|(left, right)| {
        let (before, after) = (gap(left), gap(right));
        // They meet where the gap changes its sign; twice zero is no meeting but the same line.
        if before * after > 0.0 || before == after {
            return None;
        }
        let along = before / (before - after);
        let between = |from: f64, to: f64| (from.ln() + along * (to.ln() - from.ln())).exp();
        Some((between(left.0.bytes, right.0.bytes), between(left.0.ns, right.0.ns)))
    })
}

/// The latency of a line at a size between its points.
fn at(line: &[Point<'_>], bytes: f64) -> Option<f64> {
    let (left, right) = line.iter().zip(line.iter().skip(1)).find(|(l, r)| l.bytes <= bytes && bytes <= r.bytes)?;
    let along = (bytes.ln() - left.bytes.ln()) / (right.bytes.ln() - left.bytes.ln());
    let (from, to) = (left.ns.ln(), right.ns.ln());
    Some((from + along * (to - from)).exp())
}

#[cfg(test)]
mod tests {
    use weft_schemas::Random;

    use super::{Crossover, Point};
    use crate::measure::RoundReading;

    /// Sizes with their times and the readings that they are made of.
    type Line = Vec<(f64, f64, Vec<RoundReading>)>;

    /// A line through sizes and times, of eight rounds within 1 % of them.
    fn line(points: &[(f64, f64)]) -> Line {
        let readings = |bytes: f64, ns: f64| {
            let mut random = Random::new(bytes.to_bits(), ns.to_bits());
            let mut reading = |round| RoundReading::bare(round, ns * (0.99 + 0.02 * random.below(1001) as f64 / 1e3));
            (0..8).map(&mut reading).collect()
        };
        points.iter().map(|(bytes, ns)| (*bytes, *ns, readings(*bytes, *ns))).collect()
    }

    fn points(line: &Line) -> Vec<Point<'_>> {
        line.iter().map(|(bytes, ns, readings)| Point { bytes: *bytes, ns: *ns, readings }).collect()
    }

    fn crossovers(lines: &[Line]) -> Vec<Crossover> {
        super::crossovers(&[lines.iter().map(points).collect()])
    }

    fn close(found: Option<&Crossover>, (bytes, ns): (f64, f64), (winner, loser): (usize, usize)) -> bool {
        found.is_some_and(|found| {
            (found.bytes / bytes - 1.0).abs() < 1e-9
                && (found.ns / ns - 1.0).abs() < 1e-9
                && (found.winner, found.loser) == (winner, loser)
        })
    }

    /// A copy takes 10 ns at 16 B and 1000 ns at 1600 B; the window always takes 100 ns: they meet at
    /// 160 B, and the window wins above.
    #[test]
    fn a_copy_and_a_window() {
        let found = crossovers(&[line(&[(16.0, 10.0), (1600.0, 1000.0)]), line(&[(16.0, 100.0), (1600.0, 100.0)])]);
        assert_eq!(found.len(), 1);
        assert!(close(found.first(), (160.0, 100.0), (1, 0)), "{found:?}");
    }

    /// In the reference run of November 2026 `adapter` took 13.0 and 24.7 ns at 256 B and 1 KiB where `window`
    /// took 33.5 and 30.0, and 67.2 ns at 4 KiB where `window` took 28.5. By hand: the gap of the logarithms goes from
    /// ln(24.7/30.0) = −0.19439 to ln(67.2/28.5) = 0.85777, so they meet after 0.18476 of the way from 1 KiB to
    /// 4 KiB: at 1024 × 4^0.18476 = 1323 B.
    #[test]
    fn the_reference_run() {
        let adapter = line(&[(256.0, 13.0), (1024.0, 24.7), (4096.0, 67.2)]);
        let window = line(&[(256.0, 33.5), (1024.0, 30.0), (4096.0, 28.5)]);
        let found = crossovers(&[adapter, window]);
        assert_eq!(found.iter().map(|found| found.bytes.round()).collect::<Vec<_>>(), [1323.0]);
    }

    #[test]
    fn ties_decide_nothing() {
        let slow = line(&[(1.0, 10.0), (10.0, 10.0), (100.0, 10.0)]);
        // Faster, then 0.1 % slower and faster, which rounds within 1 % cannot tell from equal.
        let never = line(&[(1.0, 9.0), (10.0, 10.01), (100.0, 9.99)]);
        assert_eq!(crossovers(&[slow.clone(), never]), []);
        // Through a tie in the middle: the lines meet at 10 B exactly.
        let at_last = line(&[(1.0, 5.0), (10.0, 10.0), (100.0, 20.0)]);
        let found = crossovers(&[slow, at_last]);
        assert_eq!(found.len(), 1);
        assert!(close(found.first(), (10.0, 10.0), (0, 1)), "{found:?}");
    }

    /// Two slow lines cross above a third, which is named: nobody would choose between them where there is the third.
    #[test]
    fn a_third_line_that_is_faster_is_named() {
        let (up, down) = (line(&[(1.0, 10.0), (100.0, 1000.0)]), line(&[(1.0, 1000.0), (100.0, 10.0)]));
        let (below, above) = (line(&[(1.0, 5.0), (100.0, 5.0)]), line(&[(1.0, 2000.0), (100.0, 2000.0)]));
        let elsewhere = line(&[(200.0, 1.0), (300.0, 1.0)]);
        let found = crossovers(&[up, down, below, above, elsewhere]);
        let named: Vec<_> = found.iter().map(|found| (found.winner, found.loser, found.faster.as_slice())).collect();
        assert_eq!(named, [(1, 0, &[2][..])]);
    }

    /// Two lines of nine rounds that are told apart where they are a chart of their own (p = 0.02 at both sizes), and not beside
    /// two sets of five that nothing tells apart.
    #[test]
    fn the_correction_goes_over_a_whole_chart() {
        let above = [-0.2, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 2.0];
        let point = |bytes: f64, sign: f64| {
            let readings = above.iter().enumerate().map(|(round, by)| RoundReading::bare(round, 100.0 + sign * by));
            (bytes, 100.0 + 0.8 * sign, readings.collect())
        };
        let (falling, flat) = (vec![point(1.0, 1.0), point(100.0, -1.0)], vec![point(1.0, 0.0), point(100.0, 0.0)]);
        let two: Vec<_> = [&falling, &flat].map(points).to_vec();
        let same: Vec<_> = [&flat; 5].map(points).to_vec();
        assert_eq!(super::crossovers(std::slice::from_ref(&two)).len(), 1);
        assert_eq!(super::crossovers(&[two, same.clone(), same]), []);
    }

    #[test]
    fn missing_sizes_and_lines() {
        assert_eq!(crossovers(&[]), []);
        assert_eq!(crossovers(&[line(&[]), line(&[(1.0, 2.0)])]), []);
        // Only what both have is compared.
        let found =
            crossovers(&[line(&[(1.0, 1.0), (5.0, 77.0), (100.0, 100.0)]), line(&[(1.0, 10.0), (100.0, 10.0)])]);
        assert!(close(found.first(), (10.0, 10.0), (1, 0)), "{found:?}");
    }

    /// Of lines without rounds, or with one, nobody knows which is the faster.
    #[test]
    fn without_rounds_there_is_no_crossover() {
        let mut lines = [line(&[(16.0, 10.0), (1600.0, 1000.0)]), line(&[(16.0, 100.0), (1600.0, 100.0)])];
        assert_eq!(crossovers(&lines).len(), 1);
        lines.iter_mut().flatten().for_each(|(_, _, readings)| readings.truncate(1));
        assert_eq!(crossovers(&lines), []);
    }
}
