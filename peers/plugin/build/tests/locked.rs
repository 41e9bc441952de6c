//! The lock files of plugin systems, beside weft's own and beside what is documented.

use std::fs;
use std::path::{Path, PathBuf};

use weft_plugin_build::version;

/// The plugin systems, each with the crates whose versions are its own.
const SYSTEMS: [(&str, &[&str]); 2] =
    [("extism", &["extism", "extism-pdk"]), ("wapc", &["wapc", "wasmtime-provider", "wapc-guest"])];

/// The package that brings a system's engine.
const BRINGS: [(&str, &str); 2] = [("extism", "extism"), ("wapc", "wasmtime-provider")];

/// The libraries of the codecs that there are plugins of.
const LIBRARIES: [(&str, &[&str]); 4] = [
    ("bincode", &["bincode", "serde"]),
    ("json", &["base64", "serde", "serde_json"]),
    ("msgpack", &["rmp-serde", "serde"]),
    ("protobuf", &["prost"]),
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn read(path: &str) -> String {
    let path = workspace().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn lock(system: &str) -> String {
    read(&format!("peers/{system}/Cargo.lock"))
}

#[test]
fn the_documented_versions_are_those_of_the_lock_files() {
    let documented = read("docs/HOSTS.md");
    for (system, packages) in SYSTEMS {
        let lock = lock(system);
        let row = documented.lines().find(|line| line.starts_with(&format!("| `{system}` | `"))).expect(system);
        for package in packages {
            let version = version(&lock, package, None).expect(package);
            assert!(row.contains(&format!("{package} {version}")), "{package} {version}: {row}");
        }
    }
    for (system, brings) in BRINGS {
        let lock = lock(system);
        let engine = version(&lock, "wasmtime", Some(brings)).expect(brings);
        let row = documented.lines().find(|line| line.starts_with(&format!("| `{system}` | `"))).expect(system);
        assert!(row.ends_with(&format!("| wasmtime {engine} |")), "{engine}: {row}");
        // What `cargo weft hosts` lists.
        let about = read(&format!("peers/{system}/host.toml")).lines().next().map(str::to_owned).expect(system);
        let [system, engine] = [version(&lock, system, None).expect(system), engine];
        assert!(about.contains(&format!(" {system},")) && about.contains(&format!("wasmtime {engine}:")), "{about}");
    }
}

#[test]
fn codecs_in_plugins_are_made_of_the_same_libraries() {
    let own = read("Cargo.lock");
    for (system, _) in SYSTEMS {
        let lock = lock(system);
        for (codec, libraries) in LIBRARIES {
            for library in libraries {
                let here = version(&lock, library, Some(&format!("weft-{system}-{codec}"))).expect(library);
                let there = version(&own, library, Some(&format!("weft-codec-{codec}"))).expect(library);
                assert_eq!(
                    here, there,
                    "{library} for {system}: cargo update --manifest-path peers/{system}/Cargo.toml"
                );
            }
        }
    }
}
