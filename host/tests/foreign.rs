//! `modules/foreign/c`: the codec in C is built where there is a clang, keeps every promise, and is counted. Without one the tests say so.

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;
use std::{env, fs};

use tempfile::TempDir;
use weft::build::Role;
use weft::guests::{Codec, File};
use weft::trials::{TRIALS, Trials};
use weft_link::Limits;
use weft_schemas::Task;

use crate::support::command::weft;
use crate::support::{message, workspace};

/// The name of the codec.
const CODEC: &str = "c-structs";

/// Whether there is a program of this name on the path.
fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

/// The codec's guests, built once; none where the tests may do without: outside CI.
static GUESTS: LazyLock<Option<TempDir>> = LazyLock::new(|| {
    const HOW: &str = "Install them, on Debian with: apt-get install clang lld";
    if !["clang", "wasm-ld"].into_iter().all(is_installed) {
        assert!(env::var_os("CI").is_none(), "clang or wasm-ld was not found. {HOW}");
        println!("skipped: clang or wasm-ld was not found. {HOW}");
        return None;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let built = Command::new(script()).arg(directory.path()).output().expect("the script starts");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some(directory)
});

fn script() -> PathBuf {
    workspace().join("modules/foreign/c/build.sh")
}

#[test]
fn it_passes_every_trial() {
    let Some(guests) = &*GUESTS else { return };
    let file = |side: Role| File::at(guests.path().join(format!("{CODEC}.{}.wasm", side.name()))).expect("a guest");
    let codec = Codec::read(CODEC, Role::ONE_WAY.map(file)).expect("guests that keep to the ABI");
    assert!(codec.supports("ping", Task::Reply).is_ok() && codec.supports("blob", Task::Reply).is_err());
    let sizes = ["ping@1", "log@1", "log@3", "mesh@2", "mesh@10", "blob@64", "blob@1000"].map(message);
    let trials = Trials::of(&codec, sizes.into(), Limits::default()).expect("guests");
    for trial in &TRIALS {
        let verdict = trial.conduct(&trials);
        assert!(!verdict.is_wrong(), "{}: {}", trial.name, verdict.lines("  "));
    }
}

/// What is handed over takes part in the matrix like what is generated.
#[test]
fn it_is_listed_verified_and_counted() {
    let Some(guests) = &*GUESTS else { return };
    let weft = |arguments: &[&str]| weft(Some(guests.path()), arguments);
    weft(&["list"]).expect(0, &[CODEC, "plain C structs", "its 28 fields"]);
    weft(&["verify", &format!("^(ping@1|log@1|mesh@1000|blob@64)/.*/{CODEC}/")])
        .expect(0, &[" cells verified, 0 wrong"]);
    // The bytes of a log on the wire; the allocations of one that is built of them: the list and ten strings.
    weft(&["count", &format!("^(log@1|ping@1)/own/{CODEC}/")]).expect(0, &[" 380.0 ", " 11 "]);
}

#[test]
fn the_flags_for_clang_are_the_documented_ones() {
    let document = fs::read_to_string(workspace().join("docs/ABI.md")).expect("docs/ABI.md");
    let script = fs::read_to_string(script()).expect("the script");
    let call = document.split("```\nclang ").nth(1).and_then(|rest| rest.split("```").next()).expect("a call of clang");
    let size = |role: Role| role.stack_size().to_string();
    for flag in call.split_whitespace().filter(|word| word.starts_with('-') && *word != "-I" && *word != "-o") {
        let flag = flag.replace(&format!("stack-size={}", size(Role::Producer)), "stack-size=\"$2\"");
        assert!(script.contains(&flag), "build.sh has no {flag}");
    }
    for role in Role::ONE_WAY {
        assert!(
            script.contains(&format!("build {} {}", role.name(), size(role))),
            "{} of a {}",
            size(role),
            role.name()
        );
    }
}
