//! What stands before the first lap: guests built, lanes chosen by hash, both sides verified and counted.

use anyhow::bail;
use weft_schemas::Task;

use super::lane::{Lane, Role, Side};
use super::outcome::ExactChange;
use super::{Against, Options};
use crate::cell::Figure;
use crate::cell::{Cell, Matrix, MessageId, OWN_HOST, messages_from_environment, workloads};
use crate::exact::Exact;
use crate::guests::{self, Codec, GuestSet, Likeness};
use crate::hosts::KnownHost;
use crate::print;
use crate::protocol::{Greeting, Purpose};
use crate::record::{BUSY_LOAD, load_average};
use crate::run::{Elsewhere, NAMES, Outcome, Progress, Supplies, Wanted, greet, in_a_larger, supported, sweep_wanted};

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
    /// The load average of the last minute before anything was built.
    pub load: Option<f64>,
}

impl Prepared {
    /// Builds, chooses, verifies and counts.
    ///
    /// # Errors
    /// Where nothing is selected, a guest cannot be built, or a host not be asked.
    pub fn of(options: &Options, against: &Against) -> anyhow::Result<Self> {
        // Building and verifying are a load of their own.
        let load = load_average();
        if let Some(load) = load.filter(|load| *load > BUSY_LOAD) {
            print::err(&format!(
                "the machine was busy in the last minute (load {load:.2}): fewer pairs fit, and intervals are wider"
            ));
        }
        let own = KnownHost::own()?;
        let greeting = greet(&own)?;
        let (matrix, supplies, cells) = cells(options, &greeting)?;
        let old = Old::of(against, &supplies)?;
        let lanes = lanes(&supplies, &old, cells);
        let hosts = match &old.host {
            None => vec![own],
            Some(host) => vec![host.clone(), own.clone(), own],
        };
        let supplies = supplies.with_rivals(old.rivals()).for_hosts(&hosts)?;
        let new = if matches!(against, Against::Host(_)) { OWN_HOST } else { "this working tree" };
        let mut prepared = Self { supplies, hosts, lanes, matrix, old: old.label, new: new.to_owned(), load };
        prepared.verify()?;
        prepared.count()?;
        Ok(prepared)
    }

    /// Verifies both sides of every lane in the host that times them.
    fn verify(&mut self) -> anyhow::Result<()> {
        for host in 0..self.hosts.len().min(2) {
            for (lane, side, outcome) in self.sweep(host, Purpose::Verify, |_| true)? {
                let Some(lane) = self.lanes.get_mut(lane) else { continue };
                let is_old = side == 0 && lane.role == Role::Raced;
                let why = match outcome {
                    Outcome::Verified(_) => continue,
                    Outcome::Wrong(_) if is_old && self.hosts.len() == 1 => {
                        "the message changed: not comparable".to_owned()
                    }
                    Outcome::Wrong(why) if is_old => format!("{}: a digest is wrong: {why}", self.old),
                    Outcome::Wrong(why) => bail!("{} is wrong, so nothing was timed: {why}", lane.cell),
                    Outcome::Unsupported(why) | Outcome::Failed(why) | Outcome::Held(why) if is_old => {
                        format!("{}: {why}", self.old)
                    }
                    Outcome::Unsupported(why) | Outcome::Failed(why) | Outcome::Held(why) => why,
                    Outcome::Reading(_) | Outcome::Counted(..) => "it was not verified".to_owned(),
                };
                lane.put_out(side, why);
            }
        }
        self.keep_controls_of_a_race();
        Ok(())
    }

    /// Controls run along with others; where all others are out, there is nothing to run along with.
    fn keep_controls_of_a_race(&mut self) {
        let any = self.lanes.iter().any(|lane| lane.role.is_judged() && lane.out.is_none());
        self.lanes.retain(|lane| any || lane.role != Role::Control);
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
            // Sides that are the same are right or wrong together.
            let sides = if lane.role.is_same() { 1 } else { 2 };
            for (number, side) in lane.sides.iter().enumerate().take(sides) {
                if side.host == host || purpose == Purpose::Count {
                    places.push((place, number));
                    let figure = Figure::Cell(lane.on(&known.name));
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
    let messages = messages_from_environment()?;
    let selects = |cell: &Cell| options.filter.selects_by_name(cell);
    for matrix in matrices {
        let workloads = workloads(matrix, messages.as_deref());
        let replies = |cell: &Cell| cell.task == Task::Reply && selects(cell);
        let replying = |codec: &str| matrix.may_have(&workloads, codec, &replies);
        let supplies = Supplies::replying(|codec| matrix.may_have(&workloads, codec, &selects), replying)?;
        let cells: Vec<Cell> = matrix.cells_of(&workloads, &supplies.ids()).into_iter().filter(selects).collect();
        let cells: Vec<Cell> = cells.into_iter().filter(|cell| supported(&supplies, greeting, cell).is_ok()).collect();
        if !cells.is_empty() {
            return Ok((matrix, supplies, cells));
        }
    }
    let of = options.matrix.map_or_else(String::new, |matrix| format!(" of the {matrix} matrix"));
    bail!("no cell{of} that can run matches; {}", instead(options, messages.as_deref())?)
}

/// What to type where no cell matches.
fn instead(options: &Options, messages: Option<&[MessageId]>) -> anyhow::Result<String> {
    let selects = |cell: &Cell| options.filter.selects_by_name(cell);
    let has = |matrix: Matrix, codec: &str| matrix.may_have(&workloads(matrix, messages), codec, &selects);
    if let Some(larger) = in_a_larger(options.matrix, has) {
        return Ok(larger);
    }
    let own = [KnownHost::own()?];
    Ok(Elsewhere::find(&own, messages, &options.filter).map_or_else(
        || NAMES.to_owned(),
        |elsewhere| format!("a race is between cells of weft's own host, and {}", elsewhere.with_a_run(&own)),
    ))
}

/// The old side of all lanes.
struct Old {
    /// What it is called.
    label: String,
    /// Its guests, where they are not today's.
    guests: Option<GuestSet>,
    /// Its host, where it is not today's.
    host: Option<KnownHost>,
    /// Whether it is the new side once more.
    is_itself: bool,
}

impl Old {
    fn of(against: &Against, supplies: &Supplies) -> anyhow::Result<Self> {
        let of = |label: &str, guests, host| Self { label: label.to_owned(), guests, host, is_itself: false };
        let names: Vec<&str> = supplies.codecs.iter().map(|codec| codec.name.as_str()).collect();
        let replies = supplies.codecs.iter().any(|codec| codec.replying.is_some());
        let set = |guests: &guests::Against| guests.clone().replying(replies).guests(&names);
        Ok(match against {
            Against::Itself => Self { is_itself: true, ..of("itself", None, None) },
            Against::Host(host) => of(&host.name, None, Some(host.clone())),
            Against::Guests(guests) => of(guests.label(), Some(set(guests)?), None),
            Against::Build(guests) => {
                let host = KnownHost::aside(&guests.tree()?)?;
                let label = format!("{} with its host", guests.label());
                of(&label, Some(set(guests)?), Some(host))
            }
        })
    }

    /// Its guests as a round has them beside today's.
    fn rivals(&self) -> Vec<Codec> {
        let codecs = self.guests.iter().flat_map(|guests| &guests.codecs);
        codecs.map(|codec| Codec { name: rival(&codec.name), ..codec.clone() }).collect()
    }

    /// The lane of a cell whose sides differ. None where they are the same.
    fn lane(&self, supplies: &Supplies, cell: &Cell) -> Option<Lane> {
        let side = |host, guests| Side { host, guests, placement: 0 };
        let new = side(usize::from(self.host.is_some()), None);
        let Some(guests) = &self.guests else {
            return self.host.as_ref().map(|_| Lane::new(cell.clone(), Role::Raced, [side(0, None), new]));
        };
        let mut lane = Lane::new(cell.clone(), Role::Raced, [side(0, Some(rival(&cell.codec))), new]);
        let Some(old) = guests.codec(&cell.codec) else {
            let absent = guests.absent.iter().find(|absent| absent.codec == cell.codec);
            lane.out = Some(absent.map_or_else(|| "it is not there".to_owned(), |absent| absent.why.to_string()));
            return Some(lane);
        };
        let today = supplies.codec(&cell.codec)?;
        lane.out = old.supports_cell(cell).err().map(|why| format!("{} does not support it: {why}", self.label));
        let same = match cell.task {
            Task::Reply => old.replies_as(today),
            Task::Peek | Task::Scan | Task::Own => Likeness::of(old, today).is_same(),
        };
        let differs = self.host.is_some() || !same;
        differs.then_some(lane)
    }
}

/// What an old codec is called in a round beside today's.
fn rival(codec: &str) -> String {
    format!("{codec}@old")
}

/// A lane for each cell that is raced, and the controls. None at all where nothing differs: that is no race.
fn lanes(supplies: &Supplies, old: &Old, cells: Vec<Cell>) -> Vec<Lane> {
    let raced: Vec<Lane> = cells.iter().filter_map(|cell| old.lane(supplies, cell)).collect();
    let is_raced = |cell: &&Cell| raced.iter().any(|lane| lane.cell == **cell && lane.out.is_none());
    let (differ, same): (Vec<&Cell>, Vec<&Cell>) = cells.iter().partition(is_raced);
    let controls = match (old.is_itself, differ.is_empty(), same.is_empty()) {
        (true, ..) => same,
        (false, true, _) => Vec::new(),
        (false, false, true) => spread(&differ, CONTROLS),
        (false, false, false) => spread(&same, CONTROLS),
    };
    // With two hosts a control has a process of today's for each side.
    let (first, second) = if old.host.is_some() { (1, 2) } else { (0, 0) };
    let side = |host, placement| Side { host, guests: None, placement };
    let role = if old.is_itself { Role::Itself } else { Role::Control };
    let control = |cell: &Cell| Lane::new(cell.clone(), role, [side(first, 0), side(second, OTHER_PLACEMENTS)]);
    raced.iter().cloned().chain(controls.into_iter().map(control)).collect()
}

/// So many of some, spread over all.
fn spread<'a>(all: &[&'a Cell], most: usize) -> Vec<&'a Cell> {
    let count = all.len().min(most);
    (0..count).filter_map(|number| all.get(number * all.len() / count.max(1)).copied()).collect()
}
