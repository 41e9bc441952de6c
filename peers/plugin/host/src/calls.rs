//! What is called in the two plugins of a cell.

use weft::cell::Cell;
use weft_schemas::Task;

/// The names of functions, and what the producer makes its values from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calls {
    /// In the producer, once: makes the values.
    pub prepare: String,
    /// In the producer, for each message: its number in, the message out.
    pub produce: String,
    /// In the consumer, for each message: the message in, the digest out; where it is answered, the answer out.
    pub receive: String,
    /// What is called beside for answers; none where messages go one way.
    pub reply: Option<Reply>,
    /// The input of `prepare`: a message's size, how many there are, and the seed, little-endian.
    pub values: [u8; 16],
}

/// The names of functions that answers need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// In the consumer, once: the size of its outbox in, in 8 bytes, little-endian.
    pub prepare: String,
    /// In the producer, for each answer: the answer in, the digest out.
    pub read: String,
}

impl Calls {
    /// Those of a cell, with so many values from a seed.
    pub fn of(cell: &Cell, rotation: u32, seed: u64) -> Self {
        let (message, task) = (cell.message.kind.name, cell.task);
        let numbers = u64::from(cell.message.size) | u64::from(rotation) << 32;
        let values = u128::from(numbers) | u128::from(seed) << 64;
        let reply = Reply { prepare: format!("prepare_{message}"), read: format!("read_{message}") };
        let (prepare, reply) = match task {
            Task::Reply => (format!("prepare_{message}_reply"), Some(reply)),
            _ => (format!("prepare_{message}"), None),
        };
        Self {
            prepare,
            produce: format!("produce_{message}"),
            receive: format!("receive_{message}_{task}"),
            reply,
            values: values.to_le_bytes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use weft::cell::Cell;
    use weft_schemas::Task;

    use super::Calls;

    #[test]
    fn functions_are_named_by_message_and_task() {
        let message = "log@100".parse().expect("a message");
        let calls = Calls::of(&Cell::new(message, Task::Own, "bytes", "kernel"), 64, 0x0102_0304_0506_0708);
        let names = [calls.prepare.as_str(), calls.produce.as_str(), calls.receive.as_str()];
        assert_eq!(names, ["prepare_log", "produce_log", "receive_log_own"]);
        assert_eq!(calls.reply, None);
        assert_eq!(calls.values, [100, 0, 0, 0, 64, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1]);
        let calls = Calls::of(&Cell::new(message, Task::Reply, "bytes", "kernel"), 64, 1);
        let names = [calls.prepare.as_str(), calls.produce.as_str(), calls.receive.as_str()];
        assert_eq!(names, ["prepare_log_reply", "produce_log", "receive_log_reply"]);
        let answers = calls.reply.map(|reply| [reply.prepare, reply.read]);
        assert_eq!(answers, Some(["prepare_log", "read_log"].map(str::to_owned)));
    }
}
