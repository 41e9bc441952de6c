//! Every cell once, on all cores: verifying and counting, where nothing is timed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::pass::{Acquaintance, Holders, Outcome, Pass};
use super::progress::Progress;
use super::supplies::{Supplies, Wanted};
use crate::cell::{Cell, Figure};
use crate::hosts::KnownHost;
use crate::protocol::Purpose;

/// Goes once through cells in processes of a host, one for each core; what came of each, in the order of the cells.
///
/// # Errors
/// Where the host cannot be asked.
pub fn sweep(
    host: &KnownHost,
    purpose: Purpose,
    supplies: &Supplies,
    cells: &[Cell],
    progress: &Progress,
) -> anyhow::Result<Vec<Outcome>> {
    let holders = Holders::default();
    let pass = Pass { host, purpose, supplies, holders: &holders };
    let shares = shares(cells, thread::available_parallelism().map_or(1, usize::from));
    let found: Mutex<BTreeMap<usize, Outcome>> = Mutex::default();
    let go = |share: &[usize]| {
        let wanted: Vec<Wanted> = share.iter().map(|place| Wanted::once(Figure::Cell(cells[*place].clone()))).collect();
        pass.run(&wanted, &mut Acquaintance::default(), &mut |place, outcome| {
            progress.step(&cells[share[place]].to_string());
            found.lock().unwrap_or_else(PoisonError::into_inner).insert(share[place], outcome);
        })
    };
    thread::scope(|scope| {
        let threads: Vec<_> = shares.iter().map(|share| scope.spawn(|| go(share))).collect();
        let ended =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| anyhow::bail!("a thread panicked")));
        ended.collect::<anyhow::Result<Vec<()>>>()
    })?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect())
}

/// The places of cells, shared out over threads. A codec's cells stay together, so that its guests are compiled once; the
/// largest share goes to the thread that has the least.
fn shares(cells: &[Cell], threads: usize) -> Vec<Vec<usize>> {
    let mut by_codec: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, cell) in cells.iter().enumerate() {
        by_codec.entry(&cell.codec).or_default().push(place);
    }
    let mut codecs: Vec<Vec<usize>> = by_codec.into_values().collect();
    codecs.sort_by_key(|places| std::cmp::Reverse(places.len()));
    let mut shares = vec![Vec::new(); threads.clamp(1, codecs.len().max(1))];
    for places in codecs {
        if let Some(least) = shares.iter_mut().min_by_key(|share| share.len()) {
            least.extend(places);
        }
    }
    shares.retain(|share| !share.is_empty());
    shares
}

#[cfg(test)]
mod tests {
    use super::{Cell, shares};

    #[test]
    fn every_cell_is_in_one_share() {
        let cell = |name: &str| name.parse::<Cell>().expect(name);
        let names = ["a/relay", "b/relay", "c/relay", "a/linked", "b/linked", "a/direct"];
        let cells: Vec<Cell> = names.iter().map(|name| cell(&format!("log@1/own/{name}"))).collect();
        assert_eq!(shares(&cells, 2), [vec![0, 3, 5], vec![1, 4, 2]]);
        assert_eq!(shares(&cells, 1).concat().len(), cells.len());
        assert!(shares(&[], 2).is_empty());
    }
}
