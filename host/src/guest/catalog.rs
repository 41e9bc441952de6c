//! The codecs that the build found, compiled into this library, and those of a directory that the user names.

use std::path::PathBuf;
use std::sync::LazyLock;

use super::traits::{Role, Traits};
use super::{Guest, GuestError, GuestName, Side, directory};

/// A codec's two guests as the build embedded them.
#[derive(Debug)]
pub struct Embedded {
    /// The codec's name: its directory's.
    pub codec: &'static str,
    /// The producer's wasm.
    pub producer: &'static [u8],
    /// The consumer's wasm.
    pub consumer: &'static [u8],
    /// The packages that both were made of: `<name> <version>`.
    pub packages: &'static [&'static str],
}

impl Embedded {
    fn read(&self) -> Result<Codec, GuestError> {
        let packages = self.packages.iter().copied().map(str::to_owned).collect();
        Ok(Codec { packages, ..Codec::new(self.codec, self.producer, self.consumer)? })
    }
}

/// The generated list of what the build made.
pub mod baselines {
    use super::Embedded;

    include!(concat!(env!("OUT_DIR"), "/guests.rs"));
}

/// A codec: its two guests, read but not compiled yet.
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
    /// The packages that both were made of, `<name> <version>`; empty where nobody knows.
    pub packages: Vec<String>,
    /// The directory that it came from; none where the build embedded it.
    pub directory: Option<PathBuf>,
}

impl Codec {
    /// Reads a codec's guests from wasm binaries (or WebAssembly text).
    ///
    /// # Errors
    /// Where a module is invalid, breaks the ABI, or does not describe itself.
    pub fn new(name: &str, producer: &[u8], consumer: &[u8]) -> Result<Self, GuestError> {
        let guest_name = |side| GuestName { codec: name.to_owned(), side };
        let producer = Guest::read(guest_name(Side::Producer), producer)?;
        let consumer = Guest::read(guest_name(Side::Consumer), consumer)?;
        let traits = producer.traits()?;
        Ok(Self { name: name.to_owned(), traits, producer, consumer, packages: Vec::new(), directory: None })
    }

    /// The codec among these whose cells are the floor, where there is one that carries blobs.
    pub fn floor(codecs: &[Self]) -> Option<&Self> {
        codecs.iter().find(|codec| codec.traits.role == Role::Floor && codec.supports("blob", "peek").is_ok())
    }

    /// Whether both guests have the exports that a message and task need; otherwise why not.
    pub fn supports(&self, message: &str, task: &str) -> Result<(), String> {
        let needed = [
            (&self.producer, format!("prepare_{message}")),
            (&self.producer, format!("produce_{message}")),
            (&self.consumer, format!("receive_{message}_{task}")),
        ];
        match needed.iter().find(|(guest, export)| !guest.has(export)) {
            None => Ok(()),
            Some((guest, export)) => Err(match self.traits.why_unsupported(message, task) {
                Some(why) => why.to_owned(),
                None => format!("its {} does not export {export}", guest.name.side),
            }),
        }
    }
}

/// All codecs, sorted by name: those that the build embedded, and those of the directory that `WEFT_GUESTS`
/// names, which replace embedded ones of the same name; or the error that one of them is.
pub fn catalog() -> Result<&'static [Codec], &'static GuestError> {
    static CATALOG: LazyLock<Result<Vec<Codec>, GuestError>> = LazyLock::new(read);
    CATALOG.as_deref()
}

fn read() -> Result<Vec<Codec>, GuestError> {
    let own = directory::from_environment().map_or(Ok(Vec::new()), |path| directory::read(&path))?;
    let embedded = baselines::CODECS.iter().filter(|embedded| own.iter().all(|codec| codec.name != embedded.codec));
    let mut codecs = embedded.map(Embedded::read).collect::<Result<Vec<_>, _>>()?;
    codecs.extend(own);
    codecs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(codecs)
}
