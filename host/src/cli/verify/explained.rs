//! Which field is wrong where a host says that a digest is.

use std::collections::HashMap;

use weft_schemas::Task;

use crate::cell::{Cell, CodecId, MessageId, SEED};
use crate::verify::{Given, wrong_digest};

/// As many different digests are explained: the others have the same cause, most likely.
const MOST: usize = 16;

/// What was said, by the message, the task, its number and the digest that came of it: transports return the same.
#[derive(Default)]
pub struct Explained(HashMap<(MessageId, Task, u32, u64), String>);

impl Explained {
    /// What is to be added to what a host says of a cell; nothing where it is not about a digest.
    pub fn of(&mut self, cell: &Cell, why: &str, codecs: &[CodecId]) -> String {
        let is_floor = codecs.iter().any(|codec| codec.name == cell.codec && codec.floor);
        let Some((index, found)) = wrong_digest(why).filter(|_| !is_floor) else { return String::new() };
        let key = (cell.message, cell.task, index, found);
        if self.0.len() >= MOST && !self.0.contains_key(&key) {
            return String::new();
        }
        let said = self.0.entry(key).or_insert_with(|| {
            let MessageId { kind, size } = cell.message;
            let given = Given { kind, size, seed: SEED, index, task: cell.task };
            match (given.unnamed(), given.explained(found)) {
                (Some(why), _) => format!("; {why}"),
                (None, Some(finding)) => format!("; {finding}"),
                (None, None) => format!(
                    "; the digest matches no single wrong field: `cargo weft verify --codec {}` may find more",
                    cell.codec
                ),
            }
        });
        said.clone()
    }
}
