//! What stands before the first round: guests built, hosts greeted, cells verified and counted.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::bail;
use weft_link::transport::Isolation;
use weft_schemas::Task;

use super::Mode;
use super::findings::Row;
use super::pass::{Outcome, greet};
use super::plan::Plan;
use super::progress::Progress;
use super::supplies::Supplies;
use super::sweep::sweep;
use crate::cell::{Cell, Figure, Supported};
use crate::exact::{Counted, ExactFile};
use crate::hosts::KnownHost;
use crate::print;
use crate::protocol::{Greeting, Purpose};
use crate::record::Status;
use crate::verify::{Verified, payload_bytes};

/// A host of a run, and what is measured in it.
pub struct HostPlan {
    /// The host.
    pub host: KnownHost,
    /// What it said first.
    pub greeting: Greeting,
    /// Its cells, in the order of reports.
    pub rows: Vec<Row>,
}

/// What rounds need.
pub struct Prepared {
    /// Guests, digests, limits.
    pub supplies: Supplies,
    /// The hosts, weft's own first.
    pub hosts: Vec<HostPlan>,
    /// The boundary figures and task floors.
    pub references: Vec<Figure>,
    /// How many cells failed, or were not counted.
    pub failures: usize,
}

impl Prepared {
    /// Builds, greets, verifies and, where anything is kept, counts.
    ///
    /// # Errors
    /// Where nothing is selected, a guest or host cannot be used, or a digest is wrong.
    pub fn of(plan: &Plan, mode: Mode) -> anyhow::Result<Self> {
        let mut supplies =
            Supplies::replying(|codec| plan.wants(codec), |codec| plan.wants_replies(codec))?.for_hosts(&plan.hosts)?;
        let references = plan.references();
        if !references.is_empty() {
            supplies = supplies.with_baselines()?;
        }
        let mut hosts = Vec::new();
        for host in &plan.hosts {
            let greeting = greet(host)?;
            let cells = match hosts.is_empty() {
                true => plan.own_cells(&supplies.ids()),
                false => plan.cells_on(&greeting, &host.name, &supplies.ids()),
            };
            let rows = cells.into_iter().map(|cell| row(&supplies, &greeting, cell)).collect();
            hosts.push(HostPlan { host: host.clone(), greeting, rows });
        }
        if references.is_empty() && hosts.iter().all(|host: &HostPlan| host.rows.is_empty()) {
            return Err(plan.nothing());
        }
        let mut prepared = Self { supplies, hosts, references, failures: 0 };
        prepared.verify()?;
        if mode == Mode::Measure {
            prepared.count()?;
        }
        Ok(prepared)
    }

    /// What weft's own host said first.
    pub fn own_greeting(&self) -> &Greeting {
        // The plan's first host is weft's own.
        &self.hosts[0].greeting
    }

    /// Verifies all cells that are supported. A wrong digest ends the run; a guest that fails is a cell that failed.
    fn verify(&mut self) -> anyhow::Result<()> {
        let started = Instant::now();
        let mut verified = 0;
        for plan in &mut self.hosts {
            let mut rows: Vec<&mut Row> = plan.rows.iter_mut().filter(|row| row.verified.is_ok()).collect();
            let cells: Vec<Cell> = rows.iter().map(|row| row.cell.clone()).collect();
            let progress = Progress::new(cells.len());
            let outcomes = sweep(&plan.host, Purpose::Verify, &self.supplies, &cells, &progress)?;
            progress.finish();
            for (row, outcome) in rows.iter_mut().zip(outcomes) {
                row.verified = match outcome {
                    Outcome::Verified(found) => Ok(found),
                    Outcome::Wrong(why) => bail!("{} is wrong, so nothing was timed: {why}", row.cell),
                    Outcome::Unsupported(why) => Err((Status::Unsupported, why)),
                    Outcome::Failed(why) | Outcome::Held(why) => Err((Status::Failed, why)),
                    Outcome::Reading(_) | Outcome::Counted(..) => bail!("{} was not verified but timed", row.cell),
                };
                verified += usize::from(row.verified.is_ok());
                if let Err((Status::Failed, why)) = &row.verified {
                    self.failures += 1;
                    print::err(&format!("FAILED {}: {why}", row.cell));
                }
            }
        }
        print::err(&format!("verified {verified} cells in {:.1} s", started.elapsed().as_secs_f64()));
        Ok(())
    }

    /// Counts all cells of weft's own host that were verified.
    fn count(&mut self) -> anyhow::Result<()> {
        let started = Instant::now();
        let Some(plan) = self.hosts.first_mut() else { return Ok(()) };
        let mut rows: Vec<&mut Row> = plan.rows.iter_mut().filter(|row| row.verified.is_ok()).collect();
        let cells: Vec<Cell> = rows.iter().map(|row| row.cell.clone()).collect();
        let progress = Progress::new(cells.len());
        let outcomes = sweep(&plan.host, Purpose::Count, &self.supplies, &cells, &progress)?;
        progress.finish();
        let mut counted = Vec::new();
        for (row, outcome) in rows.iter_mut().zip(outcomes) {
            match outcome {
                Outcome::Counted(verified, exact) => {
                    counted.push(counted_row(&row.cell, verified, &exact));
                    row.exact = Some(*exact);
                }
                Outcome::Wrong(why) | Outcome::Failed(why) | Outcome::Held(why) | Outcome::Unsupported(why) => {
                    self.failures += 1;
                    print::err(&format!("FAILED: {} is not counted: {why}", row.cell));
                }
                Outcome::Reading(_) | Outcome::Verified(_) => {}
            }
        }
        while let Err(inconsistent) = ExactFile::of("", BTreeMap::new(), &counted) {
            // Which of its cells was counted wrongly is not known.
            let codec = &inconsistent.cell.codec;
            self.failures += 1;
            print::err(&format!("FAILED: all counts of {codec} are dropped: {inconsistent}"));
            rows.iter_mut().filter(|row| row.cell.codec == *codec).for_each(|row| row.exact = None);
            counted.retain(|counted| counted.cell.codec != *codec);
        }
        print::err(&format!("counted {} cells in {:.1} s", counted.len(), started.elapsed().as_secs_f64()));
        Ok(())
    }
}

fn counted_row(cell: &Cell, verified: Verified, exact: &crate::exact::Exact) -> Counted {
    Counted { cell: cell.clone(), payload_bytes: payload_bytes(cell.message), verified, exact: exact.clone() }
}

fn row(supplies: &Supplies, greeting: &Greeting, cell: Cell) -> Row {
    let transport = greeting.transports.iter().find(|transport| transport.name == cell.transport);
    let isolation = transport.map_or(Isolation::None, |transport| transport.isolation);
    let verified = supported(supplies, greeting, &cell).map(|()| Verified::default());
    let floor = supplies.codec(&cell.codec).is_some_and(|codec| codec.is_floor());
    Row { cell, isolation, verified: verified.map_err(|why| (Status::Unsupported, why)), exact: None, floor }
}

/// Whether a host has the task `reply`; otherwise why not.
///
/// # Errors
/// The reason.
pub fn replies(greeting: &Greeting) -> Supported {
    match greeting.tasks.iter().find(|task| task.name == Task::Reply.name()) {
        Some(task) => task.unsupported.clone().map_or(Ok(()), Err),
        None => Err(format!("the host {} has no task `{}`", greeting.name, Task::Reply)),
    }
}

/// Whether codec and host support a cell; otherwise why not.
///
/// # Errors
/// The reason.
pub fn supported(supplies: &Supplies, greeting: &Greeting, cell: &Cell) -> Supported {
    if cell.task == Task::Reply {
        // Before the guests: where the host does not ask for them, there are none.
        replies(greeting)?;
    }
    supplies.codec(&cell.codec).map_or(Ok(()), |codec| codec.supports_cell(cell))?;
    let transport = greeting.transports.iter().find(|transport| transport.name == cell.transport);
    let task = greeting.tasks.iter().find(|task| task.name == cell.task.name());
    let why = match (transport, task) {
        (None, _) => Some(format!("the host {} has no transport `{}`", greeting.name, cell.transport)),
        (_, None) => Some(format!("the host {} has no task `{}`", greeting.name, cell.task)),
        (Some(transport), Some(task)) => transport.unsupported.clone().or_else(|| task.unsupported.clone()),
    };
    why.map_or(Ok(()), Err)
}
