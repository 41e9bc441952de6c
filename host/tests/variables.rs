//! The environment variables: what the code reads, what the help says and what docs/ENVIRONMENT.md says is one table.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use weft::variables::{ALL, OF_BUILDS, UPDATE, markdown};

use crate::support::command::{Typed, weft, with};

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace is above the package")
}

#[test]
fn the_documented_table_is_that_of_the_code() {
    let path = workspace().join("docs/ENVIRONMENT.md");
    let text = fs::read_to_string(&path).expect("docs/ENVIRONMENT.md");
    let before = text.lines().take_while(|line| !line.starts_with('|')).map(|line| format!("{line}\n"));
    let after = text.lines().skip_while(|line| !line.starts_with('|')).skip_while(|line| line.starts_with('|'));
    let expected: String =
        before.chain([markdown()]).chain(after.map(|line| format!("{line}\n"))).collect::<Vec<_>>().concat();
    if env::var_os(UPDATE.name).is_some() {
        fs::write(&path, &expected).expect("docs/ENVIRONMENT.md");
        return;
    }
    assert!(text == expected, "not current; run: WEFT_UPDATE=1 cargo test -p weft --test all variables::");
}

#[test]
fn help_prints_all() {
    for arguments in [&["--help"][..], &["help", "environment"], &["environment"]] {
        let parts = ALL.iter().flat_map(|variable| [variable.name, variable.value, variable.about]);
        weft(None, arguments).expect(0, &parts.collect::<Vec<_>>());
    }
}

/// Files of these kinds below a directory, but for what is built and what runs have left.
fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let kind = entry.extension().and_then(|end| end.to_str()).unwrap_or_default();
        if entry.is_dir() && !["target", "results", ".git"].contains(&name) {
            files(&entry, found);
        } else if ["rs", "sh", "mjs", "js", "toml", "md"].contains(&kind) || entry.ends_with(".ci/run") {
            found.push(entry);
        }
    }
}

#[test]
fn nothing_reads_or_mentions_a_variable_that_is_not_declared() {
    let (mut paths, mut mentioned, mut built) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    files(workspace(), &mut paths);
    // Build scripts hand these down to what they build.
    let (variable, from_build) = (
        Regex::new("WEFT_[A-Z_]*[A-Z]").expect("a pattern"),
        Regex::new("rustc-env=(WEFT_[A-Z_]+)").expect("a pattern"),
    );
    for path in &paths {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        mentioned.extend(variable.find_iter(&text).map(|found| found.as_str().to_owned()));
        built.extend(from_build.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    assert_eq!(built, OF_BUILDS.map(str::to_owned).into(), "those of builds are in host/src/variables.rs too");
    let declared: BTreeSet<String> = ALL.iter().map(|variable| variable.name.to_owned()).collect();
    let unknown: Vec<_> = mentioned.difference(&declared).filter(|name| !built.contains(*name)).collect();
    assert!(unknown.is_empty(), "not declared in host/src/variables.rs: {unknown:?}");
}

/// `weft` with a variable that is set to `core`.
fn with_core(name: &str, arguments: &[&str]) -> Typed {
    with(&[(name, "core".as_ref())], arguments)
}

/// What would be measured is not what was asked for.
#[test]
fn a_misspelt_variable_is_refused() {
    // In two parts, because no file mentions a variable that there is not.
    let misspelt = ["WEFT", "_MATRX"].concat();
    with_core(&misspelt, &["list"]).expect(2, &["did you mean WEFT_MATRIX?"]);
    // A host is started by another command, which may be of another build and know others.
    for fine in [&["environment"][..], &["host", "wasmtime"]] {
        let typed = with_core(&misspelt, fine);
        assert_eq!((typed.code, typed.stderr.as_str()), (Some(0), ""), "{fine:?}");
    }
}

#[test]
fn a_race_and_a_verification_are_of_the_matrix_that_is_set() {
    for (verb, said) in
        [("race", "no cell of the core matrix that can run matches"), ("verify", "no cell of the core matrix matches")]
    {
        with_core("WEFT_MATRIX", &[verb, "log@1/own/no-such-codec"]).expect(1, &[said]);
        with_core("WEFT_MATRIX", &[verb, "log@1/own/no-such-codec", "--matrix", "quick"])
            .expect(1, &["of the quick matrix"]);
    }
    with_core("WEFT_MATRIX", &["race", "log@100/scan/borsh/relay"])
        .expect(1, &["the full matrix has some: --matrix full"]);
}
