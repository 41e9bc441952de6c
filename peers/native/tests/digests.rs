//! Every codec returns the digests of every message and task as native code too, and supports what it supports in wasm; so do those
//! that this host is measured with where they have the machine's own allocator.

mod support;

use weft::cell::{SEED, SMALL_CODECS};
use weft::guests::{Codec, catalog};
use weft_native::{NativeError, Pair, PairSpec};
use weft_schemas::digest::MASK;
use weft_schemas::{KINDS, Task, WILD, blob};

use support::{Guests, VARIANTS, workspace};

/// Large ones, beside those of all kinds that tests try.
const LARGE: [&str; 2] = ["mesh@1000", "blob@1048576"];

fn messages() -> impl Iterator<Item = String> {
    let tried = KINDS.iter().flat_map(|kind| kind.tried.whole.iter().map(|size| format!("{}@{size}", kind.name)));
    tried.chain(LARGE.map(str::to_owned))
}

/// Sends every message of a rotation, one by one, and then more than a rotation at once; returns how they differ from what
/// they must be.
fn differences(codec: &Codec, spec: &PairSpec<'_>) -> Result<Vec<String>, NativeError> {
    let mut pair = Pair::join(spec)?;
    let digest = if codec.is_floor() { blob::floor_digest } else { spec.message.kind.digest };
    let digest = |index| digest(spec.seed, index, spec.message.size, spec.task).expect("a digest");
    let digests: Vec<u64> = (0..spec.rotation).map(digest).collect();
    let mut wrong = Vec::new();
    for (index, expected) in (0..).zip(&digests) {
        let found = pair.produce(index, 1)?;
        if found != *expected {
            wrong.push(format!("message {index}: {found:#x} is not {expected:#x}"));
        }
    }
    let twice = digests.iter().cycle().skip(1).take(2 * digests.len());
    let (found, expected) = (
        pair.produce(1 % spec.rotation, 2 * spec.rotation)?,
        twice.fold(0_u64, |sum, digest| sum.wrapping_add(*digest)),
    );
    if found != expected & MASK {
        wrong.push(format!("two rotations: {found:#x} is not {:#x}", expected & MASK));
    }
    Ok(wrong)
}

/// All cells of a codec that are not as they must be.
fn wrong(codec: &Codec, guests: &Guests, features: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for name in messages() {
        for task in Task::ONE_WAY {
            for seed in [SEED, SEED | WILD] {
                let spec = PairSpec { seed, ..guests.spec(&name, task, 5) };
                let kind = spec.message.kind.name;
                let supported = codec.consumer.has(&format!("receive_{kind}_{task}"));
                let cell = format!("{name}/{task}/{} with {features:?}, seed {seed:#x}", codec.name);
                match differences(codec, &spec) {
                    Ok(differences) if supported => all.extend(differences.iter().map(|it| format!("{cell}: {it}"))),
                    Err(NativeError::Unsupported { .. }) if !supported => {}
                    Ok(_) => all.push(format!("{cell}: it has no export in wasm")),
                    Err(error) => all.push(format!("{cell}: {error}")),
                }
            }
        }
    }
    all
}

#[test]
fn every_codec_returns_every_digest() {
    let codecs = catalog(|_| true).expect("the codecs keep to the ABI");
    let crates = weft::build::codecs(workspace()).expect("crates of guests");
    let is_native = |codec: &&Codec| crates.iter().any(|guest| guest.is_native && guest.name == codec.name);
    let all: Vec<&Codec> = codecs.iter().filter(is_native).collect();
    let is_measured = |codec: &&Codec| SMALL_CODECS.contains(&codec.name.as_str());
    let measured: Vec<&Codec> = all.iter().copied().filter(is_measured).collect();
    let [allocator_of_wasm, allocator_of_platform] = VARIANTS;
    all_right(&all, allocator_of_wasm);
    // Most of this test's time is building.
    all_right(&measured, allocator_of_platform);
}

fn all_right(codecs: &[&Codec], features: &[&str]) {
    assert!(!codecs.is_empty());
    let names: Vec<&str> = codecs.iter().map(|codec| codec.name.as_str()).collect();
    for (codec, guests) in codecs.iter().zip(Guests::build_all(&names, features)) {
        assert_eq!(wrong(codec, &guests, features), Vec::<String>::new());
    }
}
