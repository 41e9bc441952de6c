//! What a guest may execute, and what is said where it executes more.

use super::Sent;

/// Any pair of guests may execute this many instructions …
pub const BASE: u64 = 2_000_000_000;
/// … and this many for each byte of the payload of a rotation.
const PER_BYTE: u64 = 2_000;
/// How wasmtime begins to say that the fuel is spent.
pub const OVER: &str = "all fuel consumed";

/// The instructions that the guests of a pair may execute together.
pub fn of(sent: Sent) -> u64 {
    let Sent { message, rotation, .. } = sent;
    BASE + PER_BYTE * message.payload_bytes().saturating_mul(rotation.into())
}

/// What an error says, and where it is a spent budget, which that is and how it comes about.
pub fn told(error: &str, budget: u64, how: &str) -> String {
    match error.contains(OVER) {
        true => format!("it executes more than {budget} instructions ({how}): does it ever return?"),
        false => in_a_line(error),
    }
}

/// An error in a line: of a trap what it was, and the functions that it happened in.
fn in_a_line(error: &str) -> String {
    let first = error.lines().next().unwrap_or_default();
    let functions = error.lines().filter_map(|line| line.split_once('!').map(|(_, function)| function.trim()));
    let functions: Vec<&str> = functions.filter(|function| !function.starts_with("core::panicking")).take(3).collect();
    match (first.split_once("; error while executing"), functions.is_empty()) {
        (Some((what, _)), false) => format!("{what} in {}", functions.join(", called by ")),
        _ => first.to_owned(),
    }
}

/// The same for the guests of a pair.
pub fn told_of(error: &str, sent: Sent) -> String {
    told(error, of(sent), &format!("{BASE}, and {PER_BYTE} for each byte of the payload of {} messages", sent.rotation))
}
