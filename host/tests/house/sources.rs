//! Source files, parsed, and what is found in them.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
pub struct Source {
    /// Where it is: from the workspace, with `/` on every system.
    pub path: String,
    /// What it says.
    pub syntax: syn::File,
}

impl Source {
    /// The file at `path` that has this text.
    pub fn new(path: &str, text: &str) -> Self {
        let syntax =
            syn::parse_file(text).unwrap_or_else(|error| panic!("{path}:{}: {error}", error.span().start().line));
        Self { path: path.to_owned(), syntax }
    }

    /// Something found at a line.
    pub fn finding(&self, line: usize, what: String) -> Finding {
        Finding { path: self.path.clone(), line, what }
    }
}

/// A source file that is not parsed: comments are in it.
pub struct Text {
    /// Where it is.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl Text {
    /// The file at `path` that has this text.
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Something found at a line.
    pub fn finding(&self, line: usize, what: String) -> Finding {
        Finding { path: self.path.clone(), line, what }
    }
}

/// The Rust files below a directory of the workspace, sorted; none where there is no such directory.
pub fn sources(directory: &str) -> Vec<Source> {
    texts(directory).into_iter().map(|Text { path, text }| Source::new(&path, &text)).collect()
}

/// The same, not parsed.
pub fn texts(directory: &str) -> Vec<Text> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace is above the package");
    let read = |file: PathBuf| {
        let text = fs::read_to_string(workspace.join(&file)).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        let parts: Vec<_> = file.iter().map(|part| part.to_str().expect("names in UTF-8")).collect();
        Text { path: parts.join("/"), text }
    };
    rust_files(workspace, Path::new(directory)).into_iter().map(read).collect()
}

fn rust_files(workspace: &Path, directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(workspace.join(directory)) else { return Vec::new() };
    let paths = entries.map(|entry| directory.join(entry.expect("an entry").file_name()));
    let found = paths.flat_map(|path| {
        if workspace.join(&path).is_dir() {
            if path.ends_with("target") { Vec::new() } else { rust_files(workspace, &path) }
        } else {
            Vec::from_iter(path.extension().is_some_and(|extension| extension == "rs").then_some(path))
        }
    });
    let mut found: Vec<_> = found.collect();
    found.sort();
    found
}

/// A place in a source file, and what is wrong there. Findings are in the order of their places.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// All findings, sorted, each in a line and once.
pub fn list(findings: &mut Vec<Finding>) -> String {
    findings.sort();
    findings.dedup();
    let lines: Vec<_> = findings.iter().map(Finding::to_string).collect();
    lines.join("\n")
}

#[test]
fn findings_are_listed_in_the_order_of_their_places() {
    let (a, b) = (Source::new("a.rs", ""), Source::new("b.rs", ""));
    let mut findings = vec![b.finding(1, "x".into()), a.finding(10, "y".into()), a.finding(9, "z".into())];
    findings.push(a.finding(9, "z".into()));
    assert_eq!(list(&mut findings), "a.rs:9: z\na.rs:10: y\nb.rs:1: x");
}

#[test]
fn a_directory_that_does_not_exist_has_no_sources() {
    assert!(sources("host/no such directory").is_empty());
    assert!(sources("host/tests/house").iter().any(|source| source.path == "host/tests/house/sources.rs"));
}
