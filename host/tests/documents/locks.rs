//! The lock files of hosts that are workspaces of their own: their versions are the documented ones.

use std::fs;

use crate::support::workspace;

/// What the lock file of a host says of each package of this name: it may have several versions.
fn locked(host: &str, package: &str) -> Vec<String> {
    let path = workspace().join("peers").join(host).join("Cargo.lock");
    let lock = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = format!("name = \"{package}\"");
    lock.split("\n\n").filter(|part| part.lines().any(|line| line == name)).map(str::to_owned).collect()
}

#[test]
fn the_versions_of_plugin_systems_are_the_documented_ones() {
    let document = fs::read_to_string(workspace().join("docs/HOSTS.md")).expect("docs/HOSTS.md");
    for host in ["extism", "wapc"] {
        let row = document.lines().find(|line| line.starts_with(&format!("| `{host}` | `"))).expect("a row");
        let packages = row.split(['|', ',']).filter_map(|package| package.trim().split_once(' '));
        let packages: Vec<(&str, &str)> = packages.collect();
        assert!(packages.len() >= 3, "{row}");
        for (package, version) in packages {
            let version = format!("version = \"{version}\"");
            let is_locked = locked(host, package).iter().any(|part| part.lines().any(|line| line == version));
            assert!(is_locked, "docs/HOSTS.md: {host} has no {package} of {version}");
        }
    }
}

/// `build.sh` puts a patched copy in the place of the original: a lock file that cargo wrote without that has the original.
#[test]
fn the_patched_package_comes_from_no_registry() {
    let packages = locked("patched", "wasmtime-environ");
    let is_patched = |package: &String| !package.contains("source =");
    assert!(
        packages.len() == 1 && packages.iter().all(is_patched),
        "write peers/patched/Cargo.lock with the --config of its build.sh: {packages:?}"
    );
}
