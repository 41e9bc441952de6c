//! What a reader must know of two runs before their figures.

use super::hosts;
use super::times::Times;
use super::words::counted;
use crate::record::Record;
use crate::report::rounds::disturbed_in_figures;

/// A line each. `left_out` is how many cells of the new and the old run the other one was not to measure.
pub(super) fn notes(old: &Record, new: &Record, times: &Times, left_out: (usize, usize)) -> Vec<String> {
    let mut notes = Vec::new();
    if old.run_id == new.run_id {
        notes.push("both are the same run, or copies of it".to_owned());
    }
    notes.extend(of_run("old", old, "new", left_out.0));
    notes.extend(of_run("new", new, "old", left_out.1));
    if old.matrix != new.matrix {
        notes.push(format!("the matrices differ, and so does the effort: {} and {}", old.matrix, new.matrix));
    }
    if old.messages != new.messages {
        notes.push("the messages are not the same: what only one run has is not compared".to_owned());
    }
    if old.environment.seed != new.environment.seed {
        notes.push("the messages come from different seeds: exact figures differ because of that".to_owned());
    }
    if times.lonely > 0 {
        let cells = counted(times.lonely);
        notes.push(format!("{cells} left out: with fewer than two rounds in a run nobody knows the spread"));
    }
    let disturbed = times.disturbed();
    if disturbed > 0 {
        let cells = counted(disturbed);
        notes.push(format!(
            "{cells} unsure, because a neighbour may have moved them: not calm in both runs, as others are"
        ));
    }
    let guests = changed_guests(old, new);
    if !guests.is_empty() {
        notes.push(format!("guests that changed: {}", guests.join(", ")));
    }
    notes.extend(hosts::changed(old, new).iter().map(hosts::Changed::note));
    notes
}

/// What is to be said of one run; `left_out` cells of the other one it was not to measure.
fn of_run(name: &str, record: &Record, other: &str, left_out: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if !record.complete {
        notes.push(format!("the {name} run was interrupted: it holds what it had measured until then"));
    }
    if let Some(filter) = &record.filter {
        let more = match left_out {
            0 => String::new(),
            cells => format!("; {} of the {other} one are not compared", counted(cells)),
        };
        notes.push(format!("the {name} run was filtered: {filter}{more}"));
    }
    if let Some(disturbed) = record.environment.disturbed_readings.and_then(disturbed_in_figures) {
        notes.push(format!("{disturbed} of the {name} run: something else used the core"));
    }
    notes
}

/// Which codecs' guests changed, each with its sides.
pub(super) fn changed_guests(old: &Record, new: &Record) -> Vec<String> {
    let codecs = old.environment.codecs.iter().filter_map(|(name, old)| {
        let new = new.environment.codecs.get(name)?;
        let sides = [("producer", &old.producer, &new.producer), ("consumer", &old.consumer, &new.consumer)];
        let changed: Vec<_> = sides.into_iter().filter(|(_, old, new)| old != new).map(|(side, ..)| side).collect();
        (!changed.is_empty()).then(|| format!("{name} ({})", changed.join(", ")))
    });
    codecs.collect()
}
