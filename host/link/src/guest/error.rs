//! What can be wrong with a guest. Every error names the guest, and the values it is about.

use std::fmt;

use weft_schemas::Status;

use super::Side;
use crate::limiter::TOO_MUCH;

/// A guest's name in messages: `the producer of bincode`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestName {
    /// The codec.
    pub codec: String,
    /// Which of its two guests.
    pub side: Side,
}

impl fmt::Display for GuestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} of `{}`", self.side, self.codec)
    }
}

/// Why a guest cannot be used, or what it did wrong.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum GuestError {
    #[error("{guest} is no WebAssembly module that this engine can run: {reason}")]
    Invalid { guest: GuestName, reason: String },
    #[error("{guest} has no usable description in its section `weft.traits`: {reason}")]
    Traits { guest: GuestName, reason: String },
    #[error(
        "{guest} has no usable description in its section `weft.traits`: it speaks version {found} of the ABI, and this \
         weft version {known}; build it against docs/ABI.md"
    )]
    OtherAbi { guest: GuestName, found: u32, known: u32 },
    #[error("{guest} imports {import}; by the ABI (docs/ABI.md) {expected}")]
    Import { guest: GuestName, import: String, expected: &'static str },
    #[error(
        "{guest} exports `{export}`; names that begin with `weft.meter.` are those of what counting adds (docs/ABI.md)"
    )]
    ReservedExport { guest: GuestName, export: String },
    #[error("{guest} has no export `{export}`; its functions are: {present}")]
    MissingExport { guest: GuestName, export: String, present: String },
    #[error("{guest} exports `{export}` as {found}, but the ABI says {expected}")]
    ExportType { guest: GuestName, export: String, found: String, expected: String },
    #[error("{guest} cannot be metered, so nothing of it is counted: {reason}")]
    Unmetered { guest: GuestName, reason: String },
    #[error("{guest} could not be instantiated: {reason}")]
    Instantiate { guest: GuestName, reason: String },
    #[error("{guest}: `{export}` returned {}", describe_status(*.status, *.refused))]
    Status { guest: GuestName, export: String, status: i64, refused: Option<(u32, u32)> },
    #[error("{guest}: `{export}` asks for {capacity} bytes, which is more than a region may have ({limit})")]
    TooLarge { guest: GuestName, export: String, capacity: i64, limit: u32 },
    #[error(
        "{guest} exports `supply_{message}`, but this host has no values of `{message}` to hand over: {reason}; export \
         `prepare_{message}`, which generates them (docs/ABI.md)"
    )]
    NoValues { guest: GuestName, message: String, reason: String },
    #[error(
        "{guest}: `{export}` returned {address:#x} for a region of {capacity} bytes; it must be a multiple of 65536, \
         not 0, and end within the memory's {memory} bytes"
    )]
    Region { guest: GuestName, export: String, address: i64, capacity: u32, memory: u64 },
    #[error("{guest} sent ptr {ptr:#x}, len {len}, {}", describe_outbox(*start, *end, *capacity))]
    Send { guest: GuestName, ptr: u32, len: u32, start: u32, end: u64, capacity: u32 },
    #[error("{guest} sent {messages} messages where it was asked for {asked}")]
    Sent { guest: GuestName, messages: u32, asked: u32 },
    #[error("{guest} has no usable types in its section `weft.types`: {reason}")]
    Types { guest: GuestName, reason: String },
    #[error(
        "{guest} gave {len} bytes at {start:#x}, which are not in its memory of {memory} bytes, or not what they should be"
    )]
    Buffer { guest: GuestName, start: u32, len: u32, memory: u64 },
    #[error("{guest} has no memory for {len} bytes: its `weft_alloc` returned 0")]
    NoRoom { guest: GuestName, len: u32 },
    #[error(
        "{guest} answered with ptr {ptr:#x}, len {len}, but an answer is 8-aligned and inside its outbox ({start:#x} to \
         {end:#x}, {capacity} bytes); its result is `len << 32 | ptr` (docs/ABI.md, Replies)"
    )]
    Answer { guest: GuestName, ptr: u32, len: u32, start: u32, end: u64, capacity: u32 },
    #[error("the transport `{transport}` brings no answers back: {reason}")]
    OneWay { transport: &'static str, reason: String },
    #[error("{guest} trapped in `{export}`: {trace}")]
    Trap { guest: GuestName, export: String, trace: String },
    #[error(
        "the engine's adapter trapped between {near} and {far}, on a record of a message or of its answer: {trace}"
    )]
    Records { near: GuestName, far: GuestName, trace: String },
    #[error("the host cannot map the window: {reason}")]
    Window { reason: String },
}

impl GuestError {
    /// Whether a producer says that it does not make the messages of a seed that the bench does not use. One that is handed its values
    /// knows no seeds.
    pub fn is_unknown_seed(&self) -> bool {
        matches!(self, Self::Status { export, status, .. }
            if export.starts_with("prepare_") && *status == Status::Argument.code())
    }

    /// Whether a guest asked for more memory than the limits of its engine give.
    pub fn is_of_memory(&self) -> bool {
        match self {
            Self::Trap { trace, .. } | Self::Records { trace, .. } => trace.starts_with(TOO_MUCH),
            Self::Instantiate { reason, .. } => reason.contains(TOO_MUCH),
            _ => false,
        }
    }
}

/// How many names of a guest an error lists.
const NAMES: usize = 40;

/// Names that a guest has given, for an error: what a terminal would obey is escaped, and of many the first are listed.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(plain).collect();
    match names.get(..NAMES).filter(|first| first.len() < names.len()) {
        Some(first) => format!("{}, and {} more", first.join(", "), names.len() - NAMES),
        None => names.join(", "),
    }
}

/// Whether a terminal may obey a character in place of showing it: control characters, and those that turn the direction of writing.
pub fn is_obeyed(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text that comes from a guest, without what a terminal would obey: control characters but for the ends of lines, and those that turn the
/// direction of writing.
pub(super) fn plain(text: &str) -> String {
    let obeyed = |c: char| is_obeyed(c) && c != '\n';
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if obeyed(c) { plain.extend(c.escape_default()) } else { plain.push(c) }
    }
    plain
}

/// The same in a line.
pub(crate) fn in_a_line(text: &str) -> String {
    plain(&text.replace('\n', " "))
}

/// What a message must do that was sent elsewhere.
fn describe_outbox(start: u32, end: u64, capacity: u32) -> String {
    if capacity == 0 {
        return "before its outbox was known; prepare and outbox must not send".to_owned();
    }
    format!("but a message is 8-aligned and inside the outbox ({start:#x} to {end:#x}, {capacity} bytes)")
}

/// A status code in words, and where the message lay that was refused for that.
fn describe_status(code: i64, refused: Option<(u32, u32)>) -> String {
    let status = match Status::from_code(code) {
        Some(status) => status.to_string(),
        None => format!("status {code}, which is not in the ABI's table (docs/ABI.md)"),
    };
    match refused {
        Some((ptr, len)) => format!("{status}: ptr {ptr:#x}, len {len}"),
        None => status,
    }
}

#[cfg(test)]
mod tests {
    use super::{listed, plain};

    #[test]
    fn no_terminal_obeys_a_guest() {
        assert_eq!(plain("\u{1b}[2J\na\u{202e}b\0é"), "\\u{1b}[2J\na\\u{202e}b\\u{0}é");
    }

    #[test]
    fn of_many_names_the_first_are_listed() {
        assert_eq!(listed(["a", "b\u{7}"].into_iter()), "a, b\\u{7}");
        assert!(listed(vec!["x"; 100_000].into_iter()).ends_with("x, x, and 99960 more"));
    }
}
