//! `weft new codec`: what it makes is built, and passes the trials, in a copy of the workspace.

use std::fs;

use weft::build::{GuestBuilder, GuestCrate};
use weft::cli::new::codec::make;
use weft::guests::{Codec, File};
use weft::trials::{TRIALS, Trials};
use weft_link::Limits;
use weft_schemas::KINDS;

use crate::support::clone::clone;
use crate::support::{guests_directory, small_messages, workspace};

#[test]
fn a_new_codec_passes_every_trial_at_once() {
    let copy = tempfile::tempdir().expect("a directory");
    clone(workspace(), copy.path());
    let made = [("stand-in", true), ("plain", false)].map(|(name, serde)| {
        let directory = make(copy.path(), name, serde).unwrap_or_else(|error| panic!("{error:#}"));
        GuestCrate::read(&directory).unwrap_or_else(|error| panic!("{error}"))
    });
    let builder = GuestBuilder::new(copy.path(), &guests_directory()).expect("a builder");
    let built = builder.build(&made).unwrap_or_else(|error| panic!("{error}"));
    for (guest, cells) in built.into_iter().zip([3 * KINDS.len(), 3]) {
        let files = [guest.producer, guest.consumer].map(|path| File::at(path.expect("both guests")).expect("a file"));
        let codec = Codec::read(&guest.name, files).unwrap_or_else(|error| panic!("{error}"));
        let trials = Trials::of(&codec, small_messages(), Limits::default()).expect("guests");
        // Broken bytes are tried with the codec that it is a copy of.
        for trial in TRIALS.iter().filter(|trial| trial.name != "malformed") {
            let verdict = trial.conduct(&trials);
            assert!(!verdict.is_wrong(), "{} {}: {}", guest.name, trial.name, verdict.lines("  "));
        }
        let exports = TRIALS[0].conduct(&trials).lines("");
        assert!(exports.starts_with(&format!("{cells} messages and tasks")), "{exports}");
        assert!(codec.traits.about.is_some_and(|about| about.contains(&guest.name)));
    }
    // What was made is taken.
    let error = make(copy.path(), "plain", true).expect_err("it is there").to_string();
    assert!(error.contains("there is a codec `plain` already"), "{error}");
    let code = fs::read_to_string(copy.path().join("modules/codecs/stand-in/src/lib.rs")).expect("the code");
    assert!(code.contains("pub struct StandInCodec;") && code.contains("// 2. `Traits`"), "{code}");
}
