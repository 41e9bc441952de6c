//! What stands before the first lap: guests built, lanes chosen by hash, both sides verified and counted.

use anyhow::bail;

use super::lane::{Lane, Side};
use super::outcome::ExactChange;
use super::{Against, Options};
use crate::cell::Figure;
use crate::cell::{Cell, Matrix, OWN_HOST};
use crate::exact::Exact;
use crate::guests::Codec;
use crate::hosts::KnownHost;
use crate::protocol::{Greeting, Purpose};
use crate::run::{Outcome, Progress, Supplies, Wanted, greet, supported, sweep_wanted};

/// So many cells whose sides are the same run along as controls, where others are raced.
const CONTROLS: usize = 10;
/// What the numbers of the placements of a control's new side begin with.
const OTHER_PLACEMENTS: u32 = 1 << 16;

/// What a race is made of.
pub struct Prepared {
    /// Guests, digests, limits.
    pub supplies: Supplies,
    /// The hosts: weft's own alone, or the one that is raced against, weft's own, and that again for the controls.
    pub hosts: Vec<KnownHost>,
    /// The lanes.
    pub lanes: Vec<Lane>,
    /// Of which matrix the cells are.
    pub matrix: Matrix,
    /// What the old side is called.
    pub old: String,
    /// What the new side is called.
    pub new: String,
}

impl Prepared {
    /// Builds, chooses, verifies and counts.
    ///
    /// # Errors
    /// Where nothing is selected, a guest cannot be built, or a host not be asked.
    pub fn of(options: &Options, against: &Against) -> anyhow::Result<Self> {
        let own = KnownHost::own()?;
        let greeting = greet(&own)?;
        let (matrix, supplies, cells) = cells(options, &greeting)?;
        let lanes = lanes(&supplies, against, cells);
        let (hosts, old, rivals) = match against {
            Against::Itself => (vec![own], "itself".to_owned(), Vec::new()),
            Against::Guests(label, codecs) => (vec![own], label.clone(), rivals(codecs)),
            Against::Host(host) => (vec![host.clone(), own.clone(), own], host.name.clone(), Vec::new()),
            Against::Build(host, label, codecs) => {
                (vec![host.clone(), own.clone(), own], format!("{label}, with its host"), rivals(codecs))
            }
        };
        let supplies = supplies.with_rivals(rivals).for_hosts(&hosts)?;
        let new =
            if matches!(against, Against::Host(_)) { OWN_HOST.to_owned() } else { "this working tree".to_owned() };
        let mut prepared = Self { supplies, hosts, lanes, matrix, old, new };
        prepared.verify()?;
        prepared.count()?;
        Ok(prepared)
    }

    /// Verifies both sides of every lane in the host that times them.
    fn verify(&mut self) -> anyhow::Result<()> {
        for host in 0..self.hosts.len().min(2) {
            for (lane, side, outcome) in self.sweep(host, Purpose::Verify, |_| true)? {
                let Some(lane) = self.lanes.get_mut(lane) else { continue };
                let is_old = side == 0 && !lane.is_control;
                let why = match outcome {
                    Outcome::Verified(_) => continue,
                    Outcome::Wrong(_) if is_old => "the message changed: not comparable".to_owned(),
                    Outcome::Wrong(why) => bail!("{} is wrong, so nothing was timed: {why}", lane.cell),
                    Outcome::Unsupported(why) | Outcome::Failed(why) | Outcome::Held(why) => why,
                    Outcome::Reading(_) | Outcome::Counted(..) => "it was not verified".to_owned(),
                };
                let whose = if is_old { "old: " } else { "" };
                lane.out.get_or_insert(format!("{whose}{why}"));
            }
        }
        Ok(())
    }

    /// Counts both sides of the lanes whose guests differ.
    fn count(&mut self) -> anyhow::Result<()> {
        let own = self.hosts.iter().position(|host| host.name == OWN_HOST).unwrap_or(0);
        let mut found: Vec<[Option<Box<Exact>>; 2]> = vec![[None, None]; self.lanes.len()];
        let differ = |lane: &Lane| lane.sides.iter().any(|side| side.guests.is_some());
        for (lane, side, outcome) in self.sweep(own, Purpose::Count, differ)? {
            if let (Outcome::Counted(_, exact), Some(found)) = (outcome, found.get_mut(lane)) {
                found[side] = Some(exact);
            }
        }
        for (lane, found) in self.lanes.iter_mut().zip(found) {
            if let [Some(old), Some(new)] = found {
                lane.exact = ExactChange::between(&old, &new);
            }
        }
        Ok(())
    }

    /// Goes once through the sides of lanes that a host can do: the lane, the side, and what came of it. Counting is done in
    /// one host for both sides.
    fn sweep(
        &self,
        host: usize,
        purpose: Purpose,
        selects: impl Fn(&Lane) -> bool,
    ) -> anyhow::Result<Vec<(usize, usize, Outcome)>> {
        let Some(known) = self.hosts.get(host) else { return Ok(Vec::new()) };
        let mut places = Vec::new();
        let mut wanted = Vec::new();
        for (place, lane) in self.lanes.iter().enumerate().filter(|(_, lane)| lane.out.is_none() && selects(lane)) {
            for (number, side) in lane.sides.iter().enumerate() {
                if side.host == host || purpose == Purpose::Count {
                    places.push((place, number));
                    let figure = Figure::Cell(lane.cell.on(&known.name));
                    wanted.push(Wanted::once(figure).with(side.guests.as_deref()));
                }
            }
        }
        let progress = Progress::new(wanted.len());
        let outcomes = sweep_wanted(known, purpose, &self.supplies, &wanted, &progress)?;
        progress.finish();
        Ok(places.into_iter().zip(outcomes).map(|((lane, side), outcome)| (lane, side, outcome)).collect())
    }
}

/// The cells that are selected, of the smallest matrix that has any, and what their guests are made of.
fn cells(options: &Options, greeting: &Greeting) -> anyhow::Result<(Matrix, Supplies, Vec<Cell>)> {
    let matrices = options.matrix.map_or(Matrix::ALL.to_vec(), |matrix| vec![matrix]);
    let selects = |cell: &Cell| options.filter.selects(&cell.to_string());
    for matrix in matrices {
        let supplies = Supplies::of(|codec| matrix.may_have(codec, &selects))?;
        let cells: Vec<Cell> = matrix.cells(&supplies.ids()).into_iter().filter(selects).collect();
        let cells: Vec<Cell> = cells.into_iter().filter(|cell| supported(&supplies, greeting, cell).is_ok()).collect();
        if !cells.is_empty() {
            return Ok((matrix, supplies, cells));
        }
    }
    bail!("no cell that can run matches; names look like log@1/own/bincode/direct (cargo weft list)")
}

/// What an old codec is called in a round beside today's.
fn rival(codec: &str) -> String {
    format!("{codec}@old")
}

fn rivals(codecs: &[Codec]) -> Vec<Codec> {
    codecs.iter().map(|codec| Codec { name: rival(&codec.name), ..codec.clone() }).collect()
}

/// A lane for each cell that is raced, and the controls.
fn lanes(supplies: &Supplies, against: &Against, cells: Vec<Cell>) -> Vec<Lane> {
    let raced: Vec<Lane> = cells.iter().filter_map(|cell| raced(supplies, against, cell)).collect();
    let different = |cell: &&Cell| raced.iter().all(|lane| lane.cell != **cell);
    let mut controls: Vec<&Cell> = cells.iter().filter(different).collect();
    if !matches!(against, Against::Itself) {
        if controls.is_empty() {
            controls = cells.iter().collect();
        }
        controls = spread(&controls, CONTROLS);
    }
    let host = usize::from(matches!(against, Against::Host(_) | Against::Build(..)));
    let controls = controls.into_iter().map(|cell| {
        let side = |number: usize| Side {
            host: host + number * host,
            guests: None,
            placement: number as u32 * OTHER_PLACEMENTS,
        };
        Lane::new(cell.clone(), true, [side(0), side(1)])
    });
    // A race of equal guests is none: its controls show nothing.
    let all_equal = raced.is_empty() && !matches!(against, Against::Itself);
    let controls: Vec<Lane> = if all_equal { Vec::new() } else { controls.collect() };
    raced.into_iter().chain(controls).collect()
}

/// The lane of a cell whose sides differ; none where they are the same, or there is no old one.
fn raced(supplies: &Supplies, against: &Against, cell: &Cell) -> Option<Lane> {
    let side = |host, guests| Side { host, guests, placement: 0 };
    let old = |codecs: &[Codec]| codecs.iter().find(|codec| codec.name == cell.codec).cloned();
    match against {
        Against::Itself => None,
        Against::Host(_) => Some(Lane::new(cell.clone(), false, [side(0, None), side(1, None)])),
        Against::Guests(_, codecs) => {
            let old = old(codecs)?;
            let today = supplies.codec(&cell.codec)?;
            let mut lane = Lane::new(cell.clone(), false, [side(0, Some(rival(&cell.codec))), side(0, None)]);
            lane.out = old.supports_cell(cell).err().map(|why| format!("old: {why}"));
            (hashes(&old) != hashes(today)).then_some(lane)
        }
        Against::Build(_, _, codecs) => {
            let guests = old(codecs).map(|_| rival(&cell.codec));
            Some(Lane::new(cell.clone(), false, [side(0, guests), side(1, None)]))
        }
    }
}

fn hashes(codec: &Codec) -> [String; 2] {
    [codec.producer.sha256(), codec.consumer.sha256()]
}

/// So many of some, spread over all.
fn spread<'a>(all: &[&'a Cell], most: usize) -> Vec<&'a Cell> {
    let count = all.len().min(most);
    (0..count).filter_map(|number| all.get(number * all.len() / count.max(1)).copied()).collect()
}
