//! How a race stands while it runs: on a terminal a table that stays, otherwise a line for each look.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::lane::Lane;
use super::looks::{LOOKS, Standing};
use super::render::change;
use crate::compare::Verdict;
use crate::print;
use crate::run::minutes;
use crate::statistics::trimmed::Mean;

/// So many lanes have a line of their own.
const LINES: usize = 16;

/// What is shown.
pub struct Live {
    all: MultiProgress,
    total: ProgressBar,
    lines: Vec<ProgressBar>,
    terminal: bool,
}

impl Live {
    /// The lanes, before the first lap.
    pub fn new(lanes: &[Lane]) -> Self {
        let terminal = stderr().is_terminal();
        let all = MultiProgress::new();
        let line = |template: &str| {
            let bar = if terminal { all.add(ProgressBar::new_spinner()) } else { ProgressBar::hidden() };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar
        };
        let lines = lanes.iter().take(LINES).map(|_| line("{msg}")).collect();
        let total = line("{elapsed} · {msg}");
        let live = Self { all, total, lines, terminal };
        live.show(lanes, 0);
        live
    }

    /// The rehearsal is over: about how long a pair of all lanes takes, for how long is raced, and how many placements a
    /// reading has.
    pub fn begin(&self, pair: Duration, time: Duration, placements: u32) {
        self.say(&used(pair, time, placements));
        let first = pair * LOOKS[0] as u32;
        if first > time {
            self.say(&format!(
                "the first look, after {} pairs, takes about {}: longer than --time",
                LOOKS[0],
                minutes(first)
            ));
        }
    }

    /// A reading was taken.
    pub fn step(&self, lane: &Lane) {
        self.total.set_message(lane.cell.to_string());
        self.total.tick();
    }

    /// How the lanes stand after `done` pairs.
    pub fn show(&self, lanes: &[Lane], done: usize) {
        let running = lanes.iter().filter(|lane| lane.runs()).count();
        for (line, lane) in self.lines.iter().zip(lanes) {
            line.set_message(shown(lane));
        }
        self.total.set_message(format!("{done} pairs; {running} of {} lanes run", lanes.len()));
    }

    /// A look was made.
    pub fn look(&self, lanes: &[Lane], done: usize) {
        self.show(lanes, done);
        let judged = |lane: &&Lane| lane.role.is_judged();
        let verdicts: Vec<Verdict> =
            lanes.iter().filter(judged).filter_map(|lane| Some(lane.standing?.verdict)).collect();
        let count = |of: Verdict| verdicts.iter().filter(|verdict| **verdict == of).count();
        let counts = Verdict::ALL.map(|of| (of, count(of))).into_iter().filter(|(_, count)| *count > 0);
        let text: Vec<String> = counts.map(|(of, count)| format!("{count} {}", of.word())).collect();
        self.say(&format!("after {done} pairs: {}", text.join(", ")));
    }

    /// Says something that stays.
    fn say(&self, text: &str) {
        if self.terminal {
            self.all.suspend(|| print::err(text));
        } else {
            print::err(text);
        }
    }

    /// The table goes.
    pub fn finish(&self) {
        let _ = self.all.clear();
    }
}

/// How the time is used.
fn used(pair: Duration, time: Duration, placements: u32) -> String {
    let most = LOOKS.iter().copied().max().unwrap_or(1);
    let fit = (time.as_secs_f64() / pair.as_secs_f64().max(1e-6)) as usize;
    let pairs = match fit {
        fit if fit >= most => format!("{most} pairs take about {}", minutes(pair * most as u32)),
        fit => format!("about {} of {most} pairs fit", fit.max(LOOKS[0])),
    };
    let readings = if placements == 1 { "1 placement".to_owned() } else { format!("{placements} placements") };
    format!(
        "of --time {}: {pairs}, each of readings of {readings}; what is decided earlier ends earlier",
        minutes(time)
    )
}

fn shown(lane: &Lane) -> String {
    let control = if lane.role.is_same() { " (control)" } else { "" };
    let name = format!("{}{control}", lane.cell);
    let so_far = Mean::of(&lane.differences()).map(|mean| {
        let (low, high) = mean.interval(0.95);
        format!("{} [{}, {}]", change(mean.mean.exp()), change(low.exp()), change(high.exp()))
    });
    let decided = |standing: &Standing| standing.verdict.word();
    let verdict = lane.standing.as_ref().map(decided).unwrap_or("");
    format!("{name:<44} {:>3} pairs  {:<28} {verdict}", lane.pairs.len(), so_far.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::used;

    #[test]
    fn how_the_time_is_used_is_said() {
        let said =
            |milliseconds, placements| used(Duration::from_millis(milliseconds), Duration::from_secs(60), placements);
        let end = "; what is decided earlier ends earlier";
        let of = |pairs: &str| format!("of --time 1:00: {pairs}{end}");
        assert_eq!(said(500, 8), of("64 pairs take about 0:32, each of readings of 8 placements"));
        assert_eq!(said(2000, 1), of("about 30 of 64 pairs fit, each of readings of 1 placement"));
        // The first look is waited for.
        assert_eq!(said(60_000, 1), of("about 8 of 64 pairs fit, each of readings of 1 placement"));
    }
}
