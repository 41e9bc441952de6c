//! Attacks: hostile guests, each joined with an honest one over each transport, in a process of its own; what comes of it is one of five
//! outcomes, which `docs/ISOLATION.md` promises.
//!
//! An attack is a file of `modules/hostile` (`hostile`), or is generated where no text can say it (`groups`). Its process ([`child`]) joins
//! the guests, looks at the honest one's memory before and after (`victim`), and sends one more message; whoever started it
//! watches how long it runs and what it takes (`process`).

pub mod child;
mod forms;
mod groups;
mod header;
mod hostile;
mod known;
mod meddler;
mod outcome;
mod process;
pub mod promise;
pub mod render;
mod victim;

use std::collections::VecDeque;
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::thread;

use weft_link::transport::{TRANSPORTS, Transport};

pub use hostile::{Attack, Half, directory};
pub use known::{known, promised};
pub use outcome::{Outcome, Row, Seen};

use crate::cell::Filter;
use crate::interrupt::Interrupted;
use header::GROUPS;

/// So many processes run at a time.
const AT_A_TIME: usize = 2;

/// Every attack there is, group by group.
///
/// # Errors
/// Where a file cannot be read, or does not say what it is.
pub fn attacks() -> anyhow::Result<Vec<Attack>> {
    let mut all = hostile::of_files()?;
    all.extend(groups::generated()?);
    let place = |attack: &Attack| GROUPS.iter().position(|group| *group == attack.head.group);
    all.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.name.cmp(&b.name)));
    Ok(all)
}

/// The attack with this name.
///
/// # Errors
/// Where there is none.
pub fn named(name: &str) -> anyhow::Result<Attack> {
    let found = hostile::of_files()?.into_iter().find(|attack| attack.name == name);
    // The others take longer to list.
    let found = match found {
        None => attacks()?.into_iter().find(|attack| attack.name == name),
        found => found,
    };
    found.ok_or_else(|| anyhow::anyhow!("there is no attack `{name}`; cargo weft attack --list prints all"))
}

/// Attacks, and what came of them.
#[derive(Debug)]
pub struct Attacked {
    /// The attacks, group by group.
    pub attacks: Vec<Attack>,
    /// What came of each over each transport that was asked for, in the same order.
    pub rows: Vec<Row>,
}

/// An attack and a transport to try it over.
type Job<'a> = (&'a Attack, &'static dyn Transport);

/// Tries the attacks over the transports whose names, `<attack>/<transport>`, a filter selects; tells each that is done, and of how many.
///
/// # Errors
/// Where a process cannot be started, a codec cannot be built, or this command was asked to end.
pub fn conduct(filter: &Filter, done: &mut dyn FnMut(&Row, usize)) -> anyhow::Result<Attacked> {
    let attacks = attacks()?;
    let pairs = attacks.iter().flat_map(|attack| TRANSPORTS.iter().map(move |transport| (attack, *transport)));
    let selected = |(attack, transport): &Job<'_>| filter.selects(&format!("{}/{}", attack.name, transport.name()));
    let jobs: Vec<Job<'_>> = pairs.filter(selected).collect();
    groups::prepare(jobs.iter().map(|(attack, _)| *attack))?;
    let rows = side_by_side(&jobs, done)?;
    let attacks = attacks.iter().filter(|attack| rows.iter().any(|row| row.attack == attack.name)).cloned().collect();
    Ok(Attacked { attacks, rows })
}

/// Runs the jobs, some at a time; the rows are in their order.
fn side_by_side(jobs: &[Job<'_>], done: &mut dyn FnMut(&Row, usize)) -> anyhow::Result<Vec<Row>> {
    let queue = Mutex::new((0..jobs.len()).collect::<VecDeque<_>>());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let (sender, finished) = channel();
    let mut rows: Vec<Option<Row>> = vec![None; jobs.len()];
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                // A thread outlives the processes that it starts: they end with it.
                while let Some((place, (attack, transport))) = next().and_then(|place| Some((place, *jobs.get(place)?)))
                {
                    let row = process::run(attack, transport);
                    let failed = row.is_err();
                    if sender.send((place, row)).is_err() || failed {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (place, row) in finished {
            let row = row.inspect_err(|_| queue.lock().unwrap_or_else(PoisonError::into_inner).clear())?;
            done(&row, jobs.len());
            if let Some(slot) = rows.get_mut(place) {
                *slot = Some(row);
            }
        }
        anyhow::Ok(())
    })?;
    let rows: Vec<Row> = rows.into_iter().flatten().collect();
    if rows.len() < jobs.len() { Err(Interrupted.into()) } else { Ok(rows) }
}

impl Attacked {
    /// Attacks that did not breach what they must breach: whoever looks for harm with them sees nothing.
    pub fn blind(&self) -> Vec<String> {
        let missed = |row: &&Row| {
            let attack = self.attacks.iter().find(|attack| attack.name == row.attack);
            let must = attack.is_some_and(|attack| attack.head.breaches.iter().any(|name| name == row.transport));
            must && row.seen.outcome != Outcome::PeerHarmed && row.milliseconds.is_some()
        };
        let sentence = |row: &Row| {
            format!(
                "{} over {} is blind: it must harm the other guest there, and was {}: {}",
                row.attack,
                row.transport,
                row.seen.outcome.words(),
                row.seen.sentence()
            )
        };
        self.rows.iter().filter(missed).map(sentence).collect()
    }

    /// The outcome of an attack over a transport, where it was asked for.
    pub fn row(&self, attack: &str, transport: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.attack == attack && row.transport == transport)
    }

    /// The transports that were asked for, in the order of reports.
    pub fn transports(&self) -> Vec<&'static str> {
        let names = TRANSPORTS.iter().map(|transport| transport.name());
        names.filter(|name| self.rows.iter().any(|row| row.transport == *name)).collect()
    }

    /// How many different bad inputs were tried.
    pub fn bad_inputs(&self) -> usize {
        let tried =
            |attack: &Attack| self.rows.iter().any(|row| row.attack == attack.name && row.milliseconds.is_some());
        self.attacks.iter().filter(|attack| tried(attack)).map(|attack| attack.head.inputs.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::header::Header;
    use super::hostile::Origin;
    use super::{Attack, Attacked, Half, Outcome, Row, Seen};

    fn attacked(outcome: Outcome, milliseconds: Option<u64>) -> Attacked {
        let mut head = Header::of("traps", Half::Near, "does harm").with_inputs(["a".to_owned(), "b".to_owned()]);
        head.breaches = vec!["linked".to_owned()];
        let attack = Attack { name: "bad".to_owned(), head, origin: Origin::Forms(String::new()) };
        let row = |transport| {
            let seen = Seen::nothing(outcome, "it was seen");
            Row { attack: "bad".to_owned(), transport, seen, inputs: Vec::new(), milliseconds }
        };
        Attacked { attacks: vec![attack], rows: ["relay", "linked"].map(row).into() }
    }

    #[test]
    fn an_attack_that_does_not_harm_where_it_must_is_blind() {
        let blind = attacked(Outcome::Contained, Some(1)).blind();
        assert_eq!(
            blind,
            ["bad over linked is blind: it must harm the other guest there, and was contained: it was seen"]
        );
        assert!(attacked(Outcome::PeerHarmed, Some(1)).blind().is_empty());
        assert_eq!(attacked(Outcome::HostHarmed, Some(1)).blind().len(), 1);
        // Where a system has no such transport, nothing was tried.
        assert!(attacked(Outcome::NotApplicable, None).blind().is_empty());
    }

    #[test]
    fn only_what_was_tried_counts() {
        assert_eq!(attacked(Outcome::Contained, Some(1)).bad_inputs(), 2);
        assert_eq!(attacked(Outcome::NotApplicable, None).bad_inputs(), 0);
        assert_eq!(attacked(Outcome::Contained, Some(1)).transports(), ["relay", "linked"]);
    }
}
