//! Every cell once, on all cores: verifying and counting, where nothing is timed.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::iter;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::pass::{Acquaintance, Holders, Outcome, Pass};
use super::progress::Progress;
use super::supplies::{Supplies, Wanted};
use crate::cell::{Cell, Figure};
use crate::hosts::KnownHost;
use crate::interrupt;
use crate::protocol::Purpose;

/// Goes once through cells in processes of a host, as many at a time as there are cores; what came of each, in the order of the cells.
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
    let shares = by_guests(&guests);
    let count = thread::available_parallelism().map_or(1, usize::from).min(shares.len());
    let shares = Mutex::new(shares.into_iter());
    let found: Mutex<BTreeMap<usize, Outcome>> = Mutex::default();
    let go = |share: &[usize]| {
        let own: Vec<Wanted> = share.iter().map(|place| wanted[*place].clone()).collect();
        pass.run(&own, &mut Acquaintance::default(), &mut |place, outcome| {
            progress.step(&own[place].figure.to_string());
            found.lock().unwrap_or_else(PoisonError::into_inner).insert(share[place], outcome);
        })
    };
    // Whoever is done takes the next share: how long one takes is not known before. In a function of its own the lock is let go
    // before the share is gone through.
    let next = || shares.lock().unwrap_or_else(PoisonError::into_inner).next();
    let none_is_left = || shares.lock().unwrap_or_else(PoisonError::into_inner).by_ref().for_each(drop);
    let work = || iter::from_fn(next).try_for_each(|share| go(&share)).inspect_err(|_| none_is_left());
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        let ended =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| anyhow::bail!("a thread panicked")));
        ended.collect::<anyhow::Result<Vec<()>>>()
    })?;
    // What was not reached has no outcome.
    interrupt::check()?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect())
}

/// The places, together where the guests are the same: one process compiles these once. The share with most places comes first, so
/// that no core is left with a long one at the end.
fn by_guests(guests: &[&str]) -> Vec<Vec<usize>> {
    let mut shares: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, guests) in guests.iter().enumerate() {
        shares.entry(guests).or_default().push(place);
    }
    let mut shares: Vec<Vec<usize>> = shares.into_values().collect();
    shares.sort_by_key(|places| Reverse(places.len()));
    shares
}

#[cfg(test)]
mod tests {
    use super::by_guests;

    #[test]
    fn every_place_is_in_the_share_of_its_guests() {
        assert_eq!(by_guests(&["c", "b", "a", "a", "b", "a"]), [vec![2, 3, 5], vec![1, 4], vec![0]]);
        assert!(by_guests(&[]).is_empty());
    }
}
