//! What the tests share: guests built as dynamic libraries, and what to join them for.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use weft::build::{BuiltGuest, GuestBuilder, GuestCrate};
use weft::cell::SEED;
use weft_link::guest::{GuestName, Side};
use weft_native::{GuestFile, NativeError, PairSpec};
use weft_schemas::Task;

/// The features of the two hosts in `host.toml`, and of their guests.
pub const VARIANTS: [&[&str]; 2] = [&["native"], &["native", "platform_allocator"]];

/// What a guest may take: enough for all messages of the tests.
pub const MEMORY: usize = 512 << 20;

/// The root of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies in the workspace")
}

/// A codec's producer and consumer.
pub struct Guests {
    pub producer: GuestFile,
    pub consumer: GuestFile,
}

impl Guests {
    /// Builds the guests of a codec in this directory of `modules`.
    pub fn build(directory: &str, features: &[&str]) -> Self {
        Self::read(&files(directory, features))
    }

    /// Builds the guests of the codecs of these names, in one call of cargo.
    pub fn build_all(codecs: &[&str], features: &[&str]) -> Vec<Self> {
        let directories: Vec<String> = codecs.iter().map(|name| format!("codecs/{name}")).collect();
        all_files(&directories, features).iter().map(Self::read).collect()
    }

    fn read([producer, consumer]: &[PathBuf; 2]) -> Self {
        Self { producer: read(Side::Producer, producer), consumer: read(Side::Consumer, consumer) }
    }

    /// What they are to be joined for.
    pub fn spec(&self, message: &str, task: Task, rotation: u32) -> PairSpec<'_> {
        let message = message.parse().expect("a message's name");
        let Self { producer, consumer } = self;
        PairSpec { producer, consumer, message, task, rotation, seed: SEED, memory_bytes: MEMORY }
    }
}

/// Builds the guests of a codec in this directory of `modules`; returns the producer's file and the consumer's.
pub fn files(directory: &str, features: &[&str]) -> [PathBuf; 2] {
    all_files(&[directory.to_owned()], features).remove(0)
}

fn all_files(directories: &[String], features: &[&str]) -> Vec<[PathBuf; 2]> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("guests");
    let builder = GuestBuilder::new(workspace(), &target).expect("a builder").for_native();
    let builder = features.iter().fold(builder, |builder, feature| builder.with_feature(feature));
    let codec = |directory: &String| GuestCrate::read(&workspace().join("modules").join(directory)).expect("a codec");
    let codecs: Vec<GuestCrate> = directories.iter().map(codec).collect();
    let built = builder.build(&codecs).unwrap_or_else(|error| panic!("{error}"));
    let files = |guest: &BuiltGuest| [&guest.producer, &guest.consumer].map(|file| file.clone().expect("both guests"));
    built.iter().map(files).collect()
}

/// The SHA-256 of a file.
pub fn sha256(path: &Path) -> String {
    let bytes = fs::read(path).expect("a guest's file");
    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a file as a guest of the codec `test`.
pub fn try_read(side: Side, path: &Path, sha256: &str) -> Result<GuestFile, NativeError> {
    GuestFile::read(GuestName { codec: "test".to_owned(), side }, path, sha256)
}

fn read(side: Side, path: &Path) -> GuestFile {
    try_read(side, path, &sha256(path)).unwrap_or_else(|error| panic!("{error}"))
}
