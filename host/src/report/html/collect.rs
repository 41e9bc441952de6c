//! From the record to the page's data.

use std::path::Path;

use super::cells::{cells, league};
use super::crossings::{self, kind};
use super::data::{
    Answer, AnswerRow, Boundary, Choice, Codec, Limit, Message, Page, Run, TaskFloor, TodayRow, Traits, Transport,
    Workload,
};
use super::hosts::hosts;
use super::names::Names;
use super::rounds::{rounds, time};
use crate::record::{CellRecord, Record, Status};
use crate::report::markdown::details::BOUNDARY;
use crate::report::ranking::League;
use crate::report::rounds::{busy, interrupted, made, resumed, tells_calm};
use crate::report::told::{NOTHING_TOLD, can_tell};
use crate::report::units::bytes;
use crate::report::{answer, failures, gives_up, in_some_rounds, limits, other_messages, plugins, today};
use crate::variables;
use weft_link::transport::Isolation;

/// The page's data, of a run that is typed so. A path from the root is no reader's business.
pub fn page(record: &Record, typed: &str) -> Page {
    let named = if Path::new(typed).is_absolute() { &record.run_id } else { typed };
    let mut names = Names::of(record);
    let cells = cells(record, &mut names);
    Page {
        run: Run {
            id: record.run_id.clone(),
            report: variables::typed_with("cargo weft report", &[named.to_owned()], &[]),
            command: record.environment.command_line.clone(),
            interrupted: !record.complete,
            clock_ns: record.clock.map(|clock| clock.cost_ns),
        },
        notes: notes(record),
        tells: can_tell(record),
        answer: answer(record),
        codecs: names.codecs.iter().map(|name| codec(record, name)).collect(),
        transports: names
            .transports
            .iter()
            .map(|(name, isolation)| Transport { name: name.clone(), isolation: *isolation })
            .collect(),
        messages: names.messages.iter().map(|name| message(record, name)).collect(),
        crossovers: crossings::all(record, &names),
        tasks: names.tasks,
        cells,
        reasons: names.reasons,
        failed: failed(record),
        boundary: boundary(record),
        limits: limits::limits(record).into_iter().map(shown).collect(),
        task_floor: task_floor(record),
        environment: environment(record),
        rounds: rounds(record),
        hosts: hosts(record),
    }
}

fn shown(limits::Limit { what, formula, measured, limit }: limits::Limit) -> Limit {
    Limit { what, formula, measured, limit }
}

fn task_floor(record: &Record) -> Vec<TaskFloor> {
    let (floors, tells) = (record.task_floor_ns.iter(), tells_calm(record));
    floors.map(|(name, latency)| TaskFloor { name: name.clone(), time: time(latency, tells) }).collect()
}

/// What a reader must know before the figures.
fn notes(record: &Record) -> Vec<String> {
    let count = |is: &dyn Fn(&CellRecord) -> bool| record.cells.iter().filter(|cell| is(cell)).count();
    let some = |count: usize, text: &str| (count > 0).then(|| format!("{count} {text}"));
    let without = count(&|cell| cell.status == Status::Ok && cell.latency_ns.is_none());
    let has_floor = record.measured().any(|cell| record.is_floor(&cell.cell.codec) && cell.task() == "peek");
    let notes = [
        other_messages(record),
        record.filter.as_ref().map(|filter| format!("A filtered run: only what matches {filter}.")),
        resumed(record),
        interrupted(record),
        busy(record),
        record.cells.is_empty().then(|| "This run has no cells.".to_owned()),
        some(without, "cells were verified and have no latency."),
        (!record.cells.is_empty() && !has_floor)
            .then(|| "This run has no floor, so nothing can be shown minus the floor.".to_owned()),
        (!can_tell(record) && record.rows() > 0).then(|| NOTHING_TOLD.to_owned()),
    ];
    notes.into_iter().flatten().chain(failures(record, "below", "under Hosts")).collect()
}

/// The figures that failed and are no cell's, and the cells of which some rounds failed.
fn failed(record: &Record) -> Vec<(String, String)> {
    let first_line = |why: &String| why.lines().next().unwrap_or_default().to_owned();
    let figures = record.failed.iter().map(|(figure, why)| (figure.clone(), first_line(why)));
    let cells = record.cells.iter().filter(|cell| cell.failed_rounds > 0);
    figures.chain(cells.map(|cell| (cell.name(), in_some_rounds(cell)))).collect()
}

fn answer(record: &Record) -> Answer {
    let shown = |isolation: Isolation, choice: answer::Choice| Choice {
        codecs: choice.codecs,
        transport: choice.transport,
        ns: choice.latency_ns,
        cost: choice.cost.filter(|_| isolation != Isolation::None),
        resident: choice.resident,
    };
    let row = |(isolation, choices): answer::Row| AnswerRow {
        isolation,
        what: format!("{}: {}", answer::described(isolation), gives_up::of_class(record, isolation)),
        choices: choices.into_iter().map(|choice| Some(shown(isolation, choice?))).collect(),
    };
    Answer {
        title: answer::TITLE.replace('`', ""),
        task: answer::TASK,
        rows: answer::rows(record).into_iter().map(row).collect(),
        today: today::rows(record).into_iter().map(|row| TodayRow { what: row.what, times: row.times }).collect(),
        ways: plugins::sentences(record).into_iter().map(|sentence| sentence.replace('`', "")).collect(),
        workloads: answer::workloads(record).into_iter().map(|(what, message)| Workload { what, message }).collect(),
    }
}

fn codec(record: &Record, name: &str) -> Codec {
    let traits = record.environment.codecs.get(name).map(|codec| Traits {
        about: codec.traits.about.clone().unwrap_or_default(),
        library: codec.library(),
        release: codec.release(),
        schema: codec.traits.schema,
        evolution: codec.evolution(),
        self_describing: codec.traits.self_describing,
        encodes: codec.traits.encodes,
        in_place: codec.traits.in_place,
        validates: codec.validation(),
        scan_checks_utf8: codec.traits.scan_checks_utf8,
        wasm: [codec.producer.bytes, codec.consumer.bytes],
        code: codec.code_bytes,
    });
    Codec {
        name: name.to_owned(),
        league: league(record, name),
        note: League::of(record, name).map_or("", League::note),
        floor: record.is_floor(name),
        traits,
    }
}

fn message(record: &Record, name: &str) -> Message {
    let cells = || record.cells.iter().filter(|cell| cell.cell.is_own() && cell.message() == name);
    Message {
        name: name.to_owned(),
        kind: kind(name).to_owned(),
        payload: cells().find_map(|cell| cell.payload_bytes),
        floor: cells().all(|cell| record.is_floor(&cell.cell.codec)),
    }
}

/// The boundary figures: those with a meaning first, then the copies by size, then what is new.
fn boundary(record: &Record) -> Vec<Boundary> {
    let tells = tells_calm(record);
    let known = BOUNDARY.iter().filter_map(|(name, what)| {
        let time = time(record.boundary.get(*name)?, tells);
        Some(Boundary { name: (*name).to_owned(), what: (*what).to_owned(), time })
    });
    let mut others: Vec<(Option<f64>, Boundary)> = record
        .boundary
        .iter()
        .filter(|(name, _)| BOUNDARY.iter().all(|(known, _)| known != name))
        .map(|(name, latency)| {
            let size = name.strip_prefix("memcpy_").and_then(|size| size.parse::<f64>().ok());
            let what = size.map_or_else(String::new, |size| format!("a copy of {} in the host's memory", bytes(size)));
            (size, Boundary { name: name.clone(), what, time: time(latency, tells) })
        })
        .collect();
    others.sort_by(|(a, _), (b, _)| a.unwrap_or(f64::MAX).total_cmp(&b.unwrap_or(f64::MAX)));
    known.chain(others.into_iter().map(|(_, other)| other)).collect()
}

fn environment(record: &Record) -> Vec<(&'static str, String)> {
    let env = &record.environment;
    let unknown = || "unknown".to_owned();
    let mut lines = vec![
        ("command", env.command_line.clone()),
        ("started", env.started.clone()),
        ("matrix", record.matrix.clone()),
        ("processor", format!("{}; {} cores, {}", env.machine, env.cores, env.architecture)),
        ("system", env.kernel.clone()),
        ("load at the start", env.load_at_start.map_or_else(unknown, |load| format!("{load:.2}"))),
        ("wasmtime", format!("{} ({})", env.wasmtime, env.engine)),
        ("compiler", env.rustc.clone()),
        ("revision", env.git_revision.clone()),
        ("rounds", format!("{}, each in fresh processes", made(record))),
        ("seed", format!("{:#x}", env.seed)),
        (
            "discarded samples, because something else used the core",
            env.discarded_s.map_or_else(unknown, |seconds| format!("{seconds:.0} s")),
        ),
        (
            "disturbed readings that are part of figures",
            env.disturbed_readings.map_or_else(unknown, |number| number.to_string()),
        ),
    ];
    if let Some(codec) = &env.setup_codec {
        lines.push(("compile and setup_* are of", format!("the guests of {codec}")));
    }
    if let Some(clock) = record.clock {
        let (cost, step) = (clock.cost_ns, clock.resolution_ns);
        lines.push((
            "reading the clock",
            format!("{cost:.1} ns, in steps of {step:.1} ns; every single timing includes it"),
        ));
    }
    lines
}
