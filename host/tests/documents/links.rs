//! Links and tables of the documents: what they lead to is there, and CI checks every document with a generated table.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::workspace;

/// The documents by path from the workspace, without what stands in fenced code.
fn documents() -> BTreeMap<String, String> {
    let files = |directory: &str| {
        let entries = fs::read_dir(workspace().join(directory)).expect("a directory");
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        let names = names.filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "md"));
        names.map(|name| format!("{directory}{name}")).collect::<Vec<_>>()
    };
    let text = |path: &String| {
        let text = fs::read_to_string(workspace().join(path)).expect("a document");
        text.split("```").step_by(2).collect::<String>()
    };
    [files(""), files("docs/")].concat().into_iter().map(|path| (path.clone(), text(&path))).collect()
}

/// The targets of links in a text, each with what stands behind it.
fn links(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')'))
}

/// The anchors of a document's headings, as forges make them.
fn anchors(text: &str) -> Vec<String> {
    let letter = |letter: char| match letter {
        ' ' => Some('-'),
        letter if letter.is_alphanumeric() || "-_".contains(letter) => Some(letter.to_ascii_lowercase()),
        _ => None,
    };
    titles(text).map(|title| title.chars().filter_map(letter).collect()).collect()
}

fn titles(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim())
}

/// The section that a link is about, where it is named behind it: `[HOSTS.md](HOSTS.md), *Measuring*`.
fn section(behind: &str) -> Option<String> {
    let (title, _) = behind.strip_prefix(',')?.trim_start().strip_prefix('*')?.split_once('*')?;
    (!title.is_empty()).then(|| title.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What is wrong with a link of the document at `from`.
fn fault(all: &BTreeMap<String, String>, from: &str, (target, behind): (&str, &str)) -> Option<String> {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let directory = Path::new(from).parent().expect("a file");
    let path = if file.is_empty() { from.into() } else { directory.join(file) };
    if !workspace().join(&path).exists() {
        return Some(format!("{from}: there is no {target}"));
    }
    let text = all.get(path.to_str().expect("UTF-8"))?;
    if !anchor.is_empty() && !anchors(text).iter().any(|known| known == anchor) {
        return Some(format!("{from}: {target} has no such heading"));
    }
    let section = section(behind)?;
    let known = titles(text).any(|title| title == section);
    (!known).then(|| format!("{from}: {target} has no section `{section}`"))
}

#[test]
fn links_lead_somewhere() {
    let all = documents();
    assert!(all.contains_key("README.md") && all.contains_key("docs/METHODOLOGY.md"), "{:?}", all.keys());
    let own = |target: &str| !target.starts_with("http");
    let found = all.iter().flat_map(|(from, text)| links(text).map(move |link| (from, link)));
    let faults: Vec<String> =
        found.filter(|(_, (target, _))| own(target)).filter_map(|(from, link)| fault(&all, from, link)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_document_with_a_generated_table_is_checked_by_ci() {
    let marked = documents().into_iter().filter(|(_, text)| text.contains("\n<!-- weft:")).map(|(path, _)| path);
    let into = format!("cargo weft report reference --into {}", marked.collect::<Vec<_>>().join(" "));
    for (file, line) in [(".ci/run", format!("{into} --check")), ("CONTRIBUTING.md", into)] {
        let text = fs::read_to_string(workspace().join(file)).expect(file);
        assert!(text.contains(&line), "{file} must say `{line}`");
    }
}
