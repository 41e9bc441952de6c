//! Every cell once, on all cores: verifying and counting, where nothing is timed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::pass::{Acquaintance, Holders, Outcome, Pass};
use super::progress::Progress;
use super::supplies::{Supplies, Wanted};
use crate::cell::{Cell, Figure};
use crate::hosts::KnownHost;
use crate::interrupt;
use crate::protocol::Purpose;

/// Goes once through cells in processes of a host, one for each core; what came of each, in the order of the cells.
///
/// # Errors
/// Where the host cannot be asked, or this command is asked to end.
pub fn sweep(
    host: &KnownHost,
    purpose: Purpose,
    supplies: &Supplies,
    cells: &[Cell],
    progress: &Progress,
) -> anyhow::Result<Vec<Outcome>> {
    let wanted: Vec<Wanted> = cells.iter().map(|cell| Wanted::once(Figure::Cell(cell.clone()))).collect();
    sweep_wanted(host, purpose, supplies, &wanted, progress)
}

/// The same for cells with guests of other names.
///
/// # Errors
/// Where the host cannot be asked.
pub fn sweep_wanted(
    host: &KnownHost,
    purpose: Purpose,
    supplies: &Supplies,
    wanted: &[Wanted],
    progress: &Progress,
) -> anyhow::Result<Vec<Outcome>> {
    let holders = Holders::default();
    let pass = Pass { host, purpose, supplies, holders: &holders };
    let guests: Vec<&str> = wanted.iter().map(|wanted| supplies.guest_of(wanted).unwrap_or_default()).collect();
    let shares = shares(&guests, thread::available_parallelism().map_or(1, usize::from));
    let found: Mutex<BTreeMap<usize, Outcome>> = Mutex::default();
    let go = |share: &[usize]| {
        let own: Vec<Wanted> = share.iter().map(|place| wanted[*place].clone()).collect();
        pass.run(&own, &mut Acquaintance::default(), &mut |place, outcome| {
            progress.step(&own[place].figure.to_string());
            found.lock().unwrap_or_else(PoisonError::into_inner).insert(share[place], outcome);
        })
    };
    thread::scope(|scope| {
        let threads: Vec<_> = shares.iter().map(|share| scope.spawn(|| go(share))).collect();
        let ended =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| anyhow::bail!("a thread panicked")));
        ended.collect::<anyhow::Result<Vec<()>>>()
    })?;
    // What was not reached has no outcome.
    interrupt::check()?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect())
}

/// The places of what needs these guests, shared out over threads. What needs the same stays together, so that they are
/// compiled once; the largest share goes to the thread that has the least.
fn shares(guests: &[&str], threads: usize) -> Vec<Vec<usize>> {
    let mut by_guests: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, guests) in guests.iter().enumerate() {
        by_guests.entry(guests).or_default().push(place);
    }
    let mut together: Vec<Vec<usize>> = by_guests.into_values().collect();
    together.sort_by_key(|places| std::cmp::Reverse(places.len()));
    let mut shares = vec![Vec::new(); threads.clamp(1, together.len().max(1))];
    for places in together {
        if let Some(least) = shares.iter_mut().min_by_key(|share| share.len()) {
            least.extend(places);
        }
    }
    shares.retain(|share| !share.is_empty());
    shares
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn every_place_is_in_one_share() {
        let guests = ["a", "b", "c", "a", "b", "a"];
        assert_eq!(shares(&guests, 2), [vec![0, 3, 5], vec![1, 4, 2]]);
        assert_eq!(shares(&guests, 1).concat().len(), guests.len());
        assert!(shares(&[], 2).is_empty());
    }
}
