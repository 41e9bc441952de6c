//! What can be wrong with a native guest. Every error names the guest or its file.

use std::path::PathBuf;

use weft_link::guest::GuestName;
use weft_schemas::Status;

/// Why a native guest cannot be used, or what it did wrong.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum NativeError {
    #[error("{guest}: {path} cannot be read: {reason}; build the guests again")]
    Unreadable { guest: GuestName, path: PathBuf, reason: String },
    #[error(
        "{guest}: {path} is not the file that the harness built: its SHA-256 is {found}, but must be {expected}; build the \
         guests again"
    )]
    Changed { guest: GuestName, path: PathBuf, found: String, expected: String },
    #[error("{guest}: {path} cannot be loaded: {reason}; build the guests for this machine")]
    Unloadable { guest: GuestName, path: PathBuf, reason: String },
    #[error("{guest} has no export `{export}`; build it with the feature `native` (docs/ABI.md, Native guests)")]
    MissingExport { guest: GuestName, export: String },
    /// Not an error of the guest: the codec does not carry the message, or does not know the task.
    #[error("{guest} has no export `{export}`, so the codec does not support this")]
    Unsupported { guest: GuestName, export: String },
    #[error("{guest}: there is no room for a memory of {bytes} bytes")]
    NoMemory { guest: GuestName, bytes: usize },
    #[error("{guest}: `{export}` returned {}", describe(*.status))]
    Status { guest: GuestName, export: String, status: i64 },
    #[error("{guest}: `{export}` returned {address:#x} for a region; it must be a multiple of 65536 and not 0")]
    Region { guest: GuestName, export: String, address: u64 },
}

/// A status code in words.
fn describe(code: i64) -> String {
    match Status::from_code(code) {
        Some(status) => status.to_string(),
        None => format!("status {code}, which is not in the ABI's table (docs/ABI.md)"),
    }
}
