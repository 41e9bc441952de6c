//! What is sent and what is done with it: a matrix' own messages, or those of `WEFT_MESSAGES` in their place.

use weft_schemas::{KINDS, Task};

use super::{Matrix, MessageId};
use crate::variables::{self, Misset};

/// A message, and the tasks that are measured with it.
pub type Workload = (MessageId, &'static [Task]);

/// What `results/exact.json` holds the figures of, with all tasks: each kind of message, in the sizes that are measured and count fast, of
/// so many payload bytes at most.
const COUNTED: u64 = 64 << 10;

/// The messages whose exact figures are kept.
pub fn counted_messages() -> Vec<MessageId> {
    MessageId::measured().filter(|message| message.payload_bytes() <= COUNTED).collect()
}

/// The messages of `WEFT_MESSAGES`, each once, in the order in which they are written. None where it names none.
///
/// # Errors
/// Where one is none: what can be written.
pub fn messages_from_environment() -> Result<Option<Vec<MessageId>>, Misset> {
    variables::MESSAGES.text()?.map(|text| messages(&text).map_err(Misset)).transpose()
}

fn messages(text: &str) -> Result<Vec<MessageId>, String> {
    let refused = |why: String| {
        let variable = variables::MESSAGES.name;
        format!("{variable}={text}: {why}\nwrite any of these, with commas between: {}", kinds())
    };
    let mut messages = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let message = name.parse().map_err(refused)?;
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    if messages.is_empty() { Err(refused("it names no message".to_owned())) } else { Ok(messages) }
}

/// The kinds of messages and their sizes: `ping@1, log@1…log@100000`.
fn kinds() -> String {
    let kind = |kind: &weft_schemas::Kind| match kind.sizes {
        (smallest, largest) if smallest == largest => format!("{}@{smallest}", kind.name),
        (smallest, largest) => format!("{0}@{smallest} to {0}@{largest}", kind.name),
    };
    KINDS.iter().map(kind).collect::<Vec<_>>().join(", ")
}

/// These messages with all tasks; where there are none, a matrix' own.
pub fn workloads(matrix: Matrix, messages: Option<&[MessageId]>) -> Vec<Workload> {
    let chosen = |messages: &[MessageId]| messages.iter().map(|message| (*message, &Task::ALL[..])).collect();
    messages.map_or_else(|| matrix.workloads(), chosen)
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Matrix, Task, counted_messages, messages, workloads};

    #[test]
    fn every_kind_of_message_is_counted() {
        for kind in KINDS {
            assert!(counted_messages().iter().any(|message| message.kind.name == kind.name), "{}", kind.name);
        }
    }

    #[test]
    fn messages_come_with_all_tasks() {
        let chosen = messages(" log@10,blob@1024,log@10, ").expect("messages");
        let workloads = workloads(Matrix::Quick, Some(&chosen));
        let names: Vec<String> = workloads.iter().map(|(message, _)| message.to_string()).collect();
        assert_eq!(names, ["log@10", "blob@1024"]);
        assert!(workloads.iter().all(|(_, tasks)| *tasks == &Task::ALL[..]));
    }

    #[test]
    fn without_any_there_are_the_matrix_own() {
        for matrix in Matrix::ALL {
            assert_eq!(workloads(matrix, None), matrix.workloads());
        }
    }

    #[test]
    fn what_is_no_message_is_an_error_that_lists_them() {
        for text in ["log", "dog@1", "log@0", "log@10,blob@x", "log@10;blob@1", ","] {
            let error = messages(text).expect_err(text);
            let parts = [format!("WEFT_MESSAGES={text}: "), "ping@1, log@1 to log@".to_owned(), "blob@1 to".to_owned()];
            assert!(parts.iter().all(|part| error.contains(part)), "{error}");
        }
    }
}
