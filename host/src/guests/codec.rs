//! A codec: its two guests, read but not compiled yet.

use std::cmp::Reverse;
use std::path::PathBuf;

use wasmparser::{Parser, Payload};
use weft_link::guest::{Guest, GuestName, Side, Traits};
use weft_link::transport;
use weft_schemas::Task;

use super::replying::{Replying, answers, asks};
use super::{File, GuestsError};
use crate::cell::{Cell, CodecId, Supported};

/// A codec.
#[derive(Debug, Clone)]
pub struct Codec {
    /// Its name in cells and reports.
    pub name: String,
    /// What it says about itself.
    pub traits: Traits,
    /// The guest that encodes.
    pub producer: Guest,
    /// The guest that reads.
    pub consumer: Guest,
    /// The files of both, the producer's first.
    pub files: [File; 2],
    /// The guests of the task `reply`; none where it has none, or nobody wanted them.
    pub replying: Option<Replying>,
    /// The packages that both were made of, `<name> <version>`; empty where nobody knows.
    pub packages: Vec<String>,
    /// The directory that it came from, of the user's own or another weft; none where it was built from the workspace.
    pub directory: Option<PathBuf>,
}

impl Codec {
    /// Reads a codec's guests from files in binary form.
    ///
    /// # Errors
    /// Where a file cannot be read, a module is invalid or breaks the ABI, or its messages are not of the kind that the traits say.
    pub fn read(name: &str, files: [File; 2]) -> Result<Self, GuestsError> {
        let guest = |side, file: &File| {
            Ok::<_, GuestsError>(Guest::read(GuestName { codec: name.to_owned(), side }, &file.content()?)?)
        };
        let producer = guest(Side::Producer, &files[0])?;
        let consumer = guest(Side::Consumer, &files[1])?;
        let traits = producer.traits()?;
        consumer.traits()?;
        [&producer, &consumer].into_iter().try_for_each(|guest| guest.check_typed(&traits))?;
        let (packages, directory) = (Vec::new(), None);
        let replying = Replying::of_ordinary(name, &traits, [&producer, &consumer], &files)?;
        Ok(Self { name: name.to_owned(), traits, producer, consumer, files, replying, packages, directory })
    }

    /// Whether its cells are the floor.
    pub fn is_floor(&self) -> bool {
        self.traits.is_floor()
    }

    /// What of it is a part of cells.
    pub fn id(&self) -> CodecId {
        CodecId { name: self.name.clone(), floor: self.is_floor() }
    }

    /// The code of both modules, in bytes of WebAssembly: that of all messages and tasks.
    pub fn code_bytes(&self) -> u64 {
        let sections = |guest: &Guest| {
            let payloads = Parser::new(0).parse_all(&guest.wasm).filter_map(Result::ok);
            let code = payloads.map(|payload| match payload {
                Payload::CodeSectionStart { size, .. } => u64::from(size),
                _ => 0,
            });
            code.sum::<u64>()
        };
        sections(&self.producer) + sections(&self.consumer)
    }

    /// Whether it has a cell; otherwise why not.
    ///
    /// # Errors
    /// The reason.
    pub fn supports_cell(&self, cell: &Cell) -> Supported {
        if let Some(why) = self.traits.why_not_on(&cell.transport, cell.task.name(), &cell.host) {
            return Err(why.to_owned());
        }
        if let Some(transport) = transport::by_name(&cell.transport) {
            transport.takes(&self.consumer, &self.traits)?;
        }
        self.supports(cell.message.kind.name, cell.task)
    }

    /// Why a message or task is unsupported, where the codec says so.
    pub fn reason(&self, message: &str, task: Task) -> Option<&str> {
        match self.carries(message) {
            true => self.traits.why_unsupported(message, task.name()),
            false => self.traits.why_not_carried(message, task.name()),
        }
    }

    /// Whether the guests have the exports that a message and task need; otherwise why not.
    ///
    /// # Errors
    /// The reason.
    pub fn supports(&self, message: &str, task: Task) -> Supported {
        if !self.carries(message) {
            let why = self.reason(message, task);
            return Err(why.map_or_else(|| format!("{} does not carry {message}", self.name), str::to_owned));
        }
        let Some(needed) = self.needed(message, task) else {
            let none = "it has no guests that ask and answer";
            return Err(self.reason(message, task).unwrap_or(none).to_owned());
        };
        match needed.iter().find(|(guest, export)| !guest.has(export)) {
            None => Ok(()),
            Some((guest, export)) => Err(match self.reason(message, task) {
                Some(why) => why.to_owned(),
                None => format!("its {} does not export {export}", guest.name.side),
            }),
        }
    }

    /// The exports that a message and task need, each with the guest that must have it. None of the task `reply` where no guest of its asks or
    /// answers, whatever the message.
    pub fn needed(&self, message: &str, task: Task) -> Option<[(&Guest, String); 3]> {
        let [near, far] = match (task, &self.replying) {
            (Task::Reply, Some(Replying { requester, replier, .. })) => [requester, replier],
            (Task::Reply, None) if !asks(&self.producer) && !answers(&self.consumer) => return None,
            _ => [&self.producer, &self.consumer],
        };
        let send = if task == Task::Reply { "request" } else { "produce" };
        Some([
            (near, near.prepares(message)),
            (near, format!("{send}_{message}")),
            (far, format!("receive_{message}_{task}")),
        ])
    }

    /// Whether its guests for replies are the same files as those of another codec.
    pub fn replies_as(&self, other: &Self) -> bool {
        let hashes = |codec: &Self| {
            codec.replying.as_ref().map(|guests| guests.files.each_ref().map(|file| file.sha256.clone()))
        };
        hashes(self) == hashes(other)
    }

    /// Whether either guest has an export of this message. A codec carries the messages that it names.
    pub fn carries(&self, message: &str) -> bool {
        let exports = ["prepare", "supply", "produce"].map(|export| format!("{export}_{message}"));
        exports.iter().any(|export| self.producer.has(export))
            || Task::ONE_WAY.iter().any(|task| self.consumer.has(&format!("receive_{message}_{task}")))
    }
}

/// The codec whose pair is set up, among some with their guests, the producer's first: of all that carry logs, the one in the
/// middle by the size of its wasm, of two in the middle the larger; of equals in the
/// middle the first by name. None where none carries logs.
pub fn setup_codec<'a>(codecs: impl Iterator<Item = (&'a str, [&'a Guest; 2])>) -> Option<&'a str> {
    let carries_logs = |[producer, consumer]: [&Guest; 2]| {
        producer.has(&producer.prepares("log")) && producer.has("produce_log") && consumer.has("receive_log_own")
    };
    let bytes = |guests: [&Guest; 2]| guests.iter().map(|guest| guest.wasm.len()).sum::<usize>();
    let mut carrying: Vec<_> = codecs.filter(|(_, guests)| carries_logs(*guests)).collect();
    carrying.sort_by_key(|(name, guests)| (bytes(*guests), Reverse(*name)));
    carrying.get(carrying.len() / 2).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use weft_link::guest::{Guest, GuestName, Side};

    use super::setup_codec;

    /// A guest that exports these, and is larger by so many bytes.
    fn guest(side: Side, exports: &[&'static str], larger: usize) -> Guest {
        let function = |(name, parameters): (&str, &str)| {
            format!("(func (export \"{name}\") (param {parameters}) (result i64) unreachable)")
        };
        let typed = |name: &&'static str| (*name, if name.starts_with("prepare_") { "i32 i32 i64" } else { "i32 i32" });
        let (send, region) = match side {
            Side::Producer | Side::Requester => {
                (r#"(import "weft" "send" (func (param i32 i32) (result i64)))"#, "outbox")
            }
            Side::Consumer | Side::Replier => ("", "inbox"),
        };
        let functions: String = exports.iter().map(typed).chain([(region, "i32")]).map(function).collect();
        let padding = "x".repeat(larger);
        let text = format!(
            "(module (import \"env\" \"memory\" (memory 1)) {send} {functions} (@custom \"padding\" \"{padding}\"))"
        );
        let wasm = wat::parse_str(text).expect("a module");
        Guest::read(GuestName { codec: "it".to_owned(), side }, &wasm).expect("a guest")
    }

    #[test]
    fn the_middle_one_of_those_that_carry_logs_is_set_up_whatever_the_order() {
        let both = |exports: [&[&'static str]; 2], larger| {
            [guest(Side::Producer, exports[0], larger), guest(Side::Consumer, exports[1], larger)]
        };
        const LOGS: [&[&str]; 2] = [&["prepare_log", "produce_log"], &["receive_log_own"]];
        let of = [
            ("a", both(LOGS, 10)),
            ("b", both(LOGS, 50)),
            ("c", both(LOGS, 50)),
            ("d", both(LOGS, 70)),
            ("pings", both([&["prepare_ping", "produce_ping"], &["receive_ping_own"]], 900)),
        ];
        let all: Vec<(&str, [&Guest; 2])> = of.iter().map(|(name, guests)| (*name, guests.each_ref())).collect();
        assert_eq!(setup_codec(all.iter().copied()), Some("b"));
        assert_eq!(setup_codec(all.iter().rev().copied()), Some("b"));
        assert_eq!(setup_codec(all.iter().skip(4).copied()), None);
    }
}
