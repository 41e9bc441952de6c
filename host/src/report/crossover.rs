//! Crossovers: from which size on one way is faster than another.
//!
//! Lines are straight between their points where both axes are logarithmic, as they are drawn. A crossover
//! counts only where the intervals say on both sides who is the faster, and only where the two are the
//! fastest of the lines that are compared: what crosses far above the best helps nobody to choose. Each names the lines
//! that are faster still, so that who compares some of them can tell.

use crate::record::Latency;

/// A latency at a size.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// The size in bytes.
    pub bytes: f64,
    /// The time of a message.
    pub latency: Latency,
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

/// The crossovers of each two of some lines, by size. Each line's points ascend by size.
pub fn crossovers(lines: &[Vec<Point>]) -> Vec<Crossover> {
    let mut found = Vec::new();
    for (b, second) in lines.iter().enumerate() {
        for (a, first) in lines.iter().enumerate().take(b) {
            found.extend(of_two(first, second).into_iter().map(|(bytes, ns, first_wins)| {
                let (winner, loser) = if first_wins { (a, b) } else { (b, a) };
                Crossover { bytes, ns, winner, loser, faster: faster(lines, [a, b], (bytes, ns)) }
            }));
        }
    }
    found.sort_by(|a, b| a.bytes.total_cmp(&b.bytes));
    found
}

/// The lines beside two that take less than `ns` at a size.
fn faster(lines: &[Vec<Point>], two: [usize; 2], (bytes, ns): (f64, f64)) -> Vec<usize> {
    let others = lines.iter().enumerate().filter(|(place, _)| !two.contains(place));
    others.filter(|(_, line)| at(line, bytes).is_some_and(|other| other < ns)).map(|(place, _)| place).collect()
}

/// Where two lines cross: size, latency, and whether the first is the faster above.
fn of_two(first: &[Point], second: &[Point]) -> Vec<(f64, f64, bool)> {
    let common: Vec<(Point, Point)> = first
        .iter()
        .filter_map(|a| Some((*a, *second.iter().find(|b| b.bytes == a.bytes)?)))
        .filter(|(a, b)| a.bytes > 0.0 && a.latency.value > 0.0 && b.latency.value > 0.0)
        .collect();
    let mut found = Vec::new();
    // The last size at which one was clearly faster, and whether it was the first.
    let mut decided: Option<(usize, bool)> = None;
    for (at, (a, b)) in common.iter().enumerate() {
        if a.latency.overlaps(&b.latency) {
            continue;
        }
        let first_wins = a.latency.value < b.latency.value;
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

/// Where the medians of two lines meet first.
fn meeting(common: &[(Point, Point)]) -> Option<(f64, f64)> {
    let gap = |(a, b): &(Point, Point)| a.latency.value.ln() - b.latency.value.ln();
    common.iter().zip(common.iter().skip(1)).find_map(|(left, right)| {
        let (before, after) = (gap(left), gap(right));
        // They meet where the gap changes its sign; twice zero is no meeting but the same line.
        if before * after > 0.0 || before == after {
            return None;
        }
        let along = before / (before - after);
        let between = |from: f64, to: f64| (from.ln() + along * (to.ln() - from.ln())).exp();
        Some((between(left.0.bytes, right.0.bytes), between(left.0.latency.value, right.0.latency.value)))
    })
}

/// The latency of a line at a size between its points.
fn at(line: &[Point], bytes: f64) -> Option<f64> {
    let (left, right) = line.iter().zip(line.iter().skip(1)).find(|(l, r)| l.bytes <= bytes && bytes <= r.bytes)?;
    let along = (bytes.ln() - left.bytes.ln()) / (right.bytes.ln() - left.bytes.ln());
    let (from, to) = (left.latency.value.ln(), right.latency.value.ln());
    Some((from + along * (to - from)).exp())
}

#[cfg(test)]
mod tests {
    use super::{Crossover, Point, crossovers};
    use crate::record::Latency;

    /// A line through sizes and medians, with intervals of ± 1 %.
    fn line(points: &[(f64, f64)]) -> Vec<Point> {
        let latency = |value: f64| Latency { value, low: 0.99 * value, high: 1.01 * value };
        points.iter().map(|(bytes, median)| Point { bytes: *bytes, latency: latency(*median) }).collect()
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
        // Faster, then 0.5 % slower and faster, which the intervals cannot tell from equal.
        let never = line(&[(1.0, 9.0), (10.0, 10.05), (100.0, 9.95)]);
        assert_eq!(crossovers(&[slow.clone(), never]), []);
        // Through a tie in the middle: the medians meet at 10 B exactly.
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

    #[test]
    fn missing_sizes_and_lines() {
        assert_eq!(crossovers(&[]), []);
        assert_eq!(crossovers(&[line(&[]), line(&[(1.0, 2.0)])]), []);
        // Only what both have is compared.
        let found =
            crossovers(&[line(&[(1.0, 1.0), (5.0, 77.0), (100.0, 100.0)]), line(&[(1.0, 10.0), (100.0, 10.0)])]);
        assert!(close(found.first(), (10.0, 10.0), (1, 0)), "{found:?}");
    }
}
