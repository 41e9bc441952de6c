//! What a run is made of beside what its environment names: the guests of the task `reply`, guests as dynamic libraries, and the programs of
//! hosts. Whoever goes on with the run needs the same.

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;

use super::prepare::Prepared;
use crate::guests::File;
use crate::hosts::KnownHost;

/// The SHA-256 of each part, by what it is called.
pub fn of(prepared: &Prepared) -> BTreeMap<String, String> {
    let mut parts: BTreeMap<String, String> = prepared.supplies.parts().collect();
    for plan in &prepared.hosts {
        parts.extend(programs(&plan.host));
    }
    parts
}

/// The files that a host is started with: its program, and what an interpreter reads. This program the environment names, and one that is
/// found by its name only, such as `node`, is known by what it says of its engine.
fn programs(host: &KnownHost) -> impl Iterator<Item = (String, String)> {
    let own = env::current_exe().ok();
    let files = host.launch.start.iter().map(PathBuf::from).filter(|word| word.is_absolute() && word.is_file());
    let files = files.filter(move |path| own.as_ref() != Some(path));
    files.filter_map(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let file = File::at(path).ok()?;
        Some((format!("{name} of the host {}", host.name), file.sha256))
    })
}

/// Which parts are others, or are not there any more. Nothing is known of a run that names none.
pub fn others(before: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Option<String> {
    if before.is_empty() {
        return None;
    }
    let mut names: Vec<&str> = before.keys().chain(now.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| before.get(*name) != now.get(*name));
    (!names.is_empty()).then(|| format!("these are others: {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::{others, programs};
    use crate::hosts::KnownHost;

    #[test]
    fn what_is_another_is_named() {
        let parts = |parts: &[(&str, &str)]| -> BTreeMap<String, String> {
            parts.iter().map(|(name, sha256)| ((*name).to_owned(), (*sha256).to_owned())).collect()
        };
        let before = parts(&[("the replier of bytes", "a"), ("host.mjs of the host node", "b"), ("same", "c")]);
        assert_eq!(others(&before, &before), None);
        let now = parts(&[("the replier of bytes", "x"), ("same", "c"), ("new", "d")]);
        let found = others(&before, &now);
        assert_eq!(found.as_deref(), Some("these are others: host.mjs of the host node, new, the replier of bytes"));
        // A run of an earlier weft does not say.
        assert_eq!(others(&BTreeMap::new(), &now), None);
    }

    #[test]
    fn a_host_is_the_files_that_it_is_started_with() {
        let directory = tempfile::tempdir().expect("a directory");
        let script = directory.path().join("host.mjs");
        fs::write(&script, "1").expect("a file");
        let mut host = KnownHost::own().expect("this program");
        assert_eq!(programs(&host).count(), 0);
        host.launch.start = vec!["node".to_owned(), "--flag=1".to_owned(), script.display().to_string()];
        let before: Vec<_> = programs(&host).collect();
        fs::write(&script, "2").expect("a file");
        let now: Vec<_> = programs(&host).collect();
        assert!(before.len() == 1 && before[0].0 == now[0].0 && before[0].1 != now[0].1, "{before:?}, {now:?}");
    }
}
