//! Exact figures held against those that were kept: what grew, what shrank, and what may be blamed for it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ExactFile;
use super::Named;

/// What differs between two documents.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Differences {
    /// Figures that grew, and nothing but the change can be blamed.
    pub grew: Vec<Changed>,
    /// Figures that shrank.
    pub shrank: Vec<Changed>,
    /// Figures that differ where the toolchain, or packages that the guests are made of, differ as well.
    pub excused: Vec<Changed>,
    /// What differs beside the project's own code: one sentence each.
    pub circumstances: Vec<String>,
    /// Rows that are not kept yet.
    pub new: Vec<String>,
    /// Rows that are kept and were not counted.
    pub gone: Vec<String>,
}

/// A figure with two values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changed {
    /// Its row and its name: `encode log@1/bytes instructions`.
    pub figure: String,
    /// What was kept. None where it was not known.
    pub old: Option<f64>,
    /// What was counted. None where it is not known any more.
    pub new: Option<f64>,
}

impl Changed {
    /// Whether it is worse: larger, or not known any more.
    fn grew(&self) -> bool {
        match (self.old, self.new) {
            (Some(old), Some(new)) => new > old,
            (old, _) => old.is_some(),
        }
    }
}

impl Differences {
    /// What `new` differs in from `old`. Rows that `new` does not have are gone only where it is `whole`.
    pub fn between(old: &ExactFile, new: &ExactFile, whole: bool) -> Self {
        let mut differences = Self { circumstances: circumstances(old, new), ..Self::default() };
        let (kept, counted) = (rows(old), rows(new));
        for (name, row) in &counted {
            match kept.get(name) {
                Some(earlier) => differences.row(name, earlier, row, is_excused(old, new, name)),
                None => differences.new.push(name.clone()),
            }
        }
        if whole {
            differences.gone = kept.into_keys().filter(|name| !counted.contains_key(name)).collect();
        }
        differences
    }

    fn row(&mut self, name: &str, old: &Named, new: &Named, excused: bool) {
        for (figure, old, new) in old.against(new).filter(|(_, old, new)| old != new) {
            let changed = Changed { figure: format!("{name} {figure}"), old, new };
            let list = match (excused, changed.grew()) {
                (true, _) => &mut self.excused,
                (false, true) => &mut self.grew,
                (false, false) => &mut self.shrank,
            };
            list.push(changed);
        }
    }
}

/// The rows of a document, each with its figures.
fn rows(file: &ExactFile) -> BTreeMap<String, Named> {
    fn table<'a, T: Serialize>(
        name: &str,
        rows: &'a BTreeMap<String, T>,
    ) -> impl Iterator<Item = (String, Named)> + use<'a, T> {
        let name = name.to_owned();
        rows.iter().map(move |(row, figures)| (format!("{name} {row}"), Named::of(figures)))
    }
    table("encode", &file.encode)
        .chain(table("read", &file.read))
        .chain(table("transport", &file.transport))
        .chain(table("request", &file.request))
        .chain(table("answered", &file.answered))
        .chain(table("found", &file.found))
        .collect()
}

/// What differs beside the project's own code.
fn circumstances(old: &ExactFile, new: &ExactFile) -> Vec<String> {
    let mut found = Vec::new();
    if old.rustc != new.rustc {
        found.push(format!("the toolchain was {}, and is {}", old.rustc, new.rustc));
    }
    let (before, now) = (old.packages(), new.packages());
    let list = |packages: Vec<&&str>| packages.into_iter().copied().collect::<Vec<_>>().join(", ");
    let (without, with) = (list(before.difference(&now).collect()), list(now.difference(&before).collect()));
    match (without.is_empty(), with.is_empty()) {
        (true, true) if old.lock_sha256 != new.lock_sha256 => {
            found.push("Cargo.lock differs, but not in what the guests are made of".to_owned());
        }
        (true, true) => {}
        (false, true) => found.push(format!("guests are not made of {without} any more")),
        (true, false) => found.push(format!("guests are now made of {with} as well")),
        (false, false) => found.push(format!("guests were made of {without}, and are of {with}")),
    }
    found
}

/// Whether a row is about something that another toolchain or other packages have made. What a transport does
/// is the project's own.
fn is_excused(old: &ExactFile, new: &ExactFile, row: &str) -> bool {
    if row.starts_with("transport ") {
        return false;
    }
    let packages = |file: &ExactFile, codec: &str| file.codecs.get(codec).map(|codec| codec.packages.clone());
    let codecs = new.codecs.keys().filter(|codec| row.split(['/', ' ']).any(|part| part == codec.as_str()));
    let other_packages = codecs.into_iter().any(|codec| packages(old, codec) != packages(new, codec));
    old.rustc != new.rustc || other_packages
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Changed, Differences};
    use crate::exact::file::WasmFile;
    use crate::exact::file::{CodecBuild, EXACT_VERSION, Encoded, ExactFile, PayloadFound, Transported};
    use crate::exact::{ByRegion, GuestFigures};

    fn file(instructions: f64, heap: f64) -> ExactFile {
        let wasm = WasmFile { sha256: "00".to_owned(), bytes: 1 };
        let codec = CodecBuild {
            packages: vec!["lib 1.0.0".to_owned()],
            producer: wasm.clone(),
            consumer: wasm,
            requester: None,
            replier: None,
        };
        let figures = GuestFigures {
            instructions,
            bytes_written: ByRegion { heap, ..ByRegion::default() },
            ..GuestFigures::default()
        };
        let encoded = Encoded { payload_bytes: 8.0, wire_bytes: 8.0, wire_overhead: 1.0, figures };
        let found = PayloadFound {
            copies: Some(1),
            payload_found_in: Some(BTreeMap::from([("host".to_owned(), 1)])),
            copies_unknown: None,
        };
        ExactFile {
            schema_version: EXACT_VERSION,
            rustc: "rustc 1".to_owned(),
            lock_sha256: "aa".to_owned(),
            codecs: BTreeMap::from([("c".to_owned(), codec)]),
            encode: BTreeMap::from([("ping@1/c".to_owned(), encoded)]),
            read: BTreeMap::new(),
            transport: BTreeMap::new(),
            request: BTreeMap::new(),
            answered: BTreeMap::new(),
            found: BTreeMap::from([("ping@1/own/c/relay".to_owned(), found)]),
        }
    }

    fn changed(figure: &str, old: f64, new: f64) -> Changed {
        Changed { figure: figure.to_owned(), old: Some(old), new: Some(new) }
    }

    #[test]
    fn what_grew_and_what_shrank_is_named() {
        let differences = Differences::between(&file(10.0, 8.0), &file(11.0, 4.0), true);
        assert_eq!(differences.grew, [changed("encode ping@1/c instructions", 10.0, 11.0)]);
        assert_eq!(differences.shrank, [changed("encode ping@1/c bytes_written.heap", 8.0, 4.0)]);
        assert_eq!(Differences::between(&file(1.0, 1.0), &file(1.0, 1.0), true), Differences::default());
    }

    #[test]
    fn another_place_and_a_copy_that_is_not_known_any_more_are_worse() {
        let mut new = file(1.0, 1.0);
        let found = new.found.values_mut().next().expect("a row");
        found.payload_found_in = Some(BTreeMap::from([("host".to_owned(), 1), ("consumer heap".to_owned(), 1)]));
        let differences = Differences::between(&file(1.0, 1.0), &new, true);
        let figure = "found ping@1/own/c/relay payload_found_in.consumer heap";
        assert_eq!(differences.grew, [changed(figure, 0.0, 1.0)]);
        new.found.values_mut().next().expect("a row").copies = None;
        assert_eq!(Differences::between(&file(1.0, 1.0), &new, true).grew.len(), 2);
    }

    #[test]
    fn another_toolchain_or_library_is_not_blamed_on_the_change() {
        let (old, mut new) = (file(10.0, 8.0), file(11.0, 8.0));
        new.rustc = "rustc 2".to_owned();
        let differences = Differences::between(&old, &new, true);
        assert!(differences.grew.is_empty() && differences.excused.len() == 1);
        assert_eq!(differences.circumstances, ["the toolchain was rustc 1, and is rustc 2"]);
        let mut new = file(11.0, 8.0);
        new.codecs.values_mut().next().expect("a codec").packages = vec!["lib 1.0.1".to_owned()];
        let differences = Differences::between(&old, &new, true);
        assert!(differences.grew.is_empty() && differences.excused.len() == 1);
        assert_eq!(differences.circumstances, ["guests were made of lib 1.0.0, and are of lib 1.0.1"]);
    }

    #[test]
    fn what_a_transport_does_is_the_projects_own_under_any_toolchain() {
        let way = |transport_copied_bytes| Transported {
            transport_copies: 1,
            transport_copied_bytes,
            crossings: crate::verify::Crossings { host_to_wasm: 1, wasm_to_host: 1, wasm_to_wasm: 0 },
        };
        let (mut old, mut new) = (file(1.0, 1.0), file(1.0, 1.0));
        old.transport.insert("relay/8".to_owned(), way(8.0));
        new.transport.insert("relay/8".to_owned(), way(16.0));
        new.rustc = "rustc 2".to_owned();
        let differences = Differences::between(&old, &new, true);
        assert_eq!(differences.grew, [changed("transport relay/8 transport_copied_bytes", 8.0, 16.0)]);
    }

    #[test]
    fn another_lock_file_or_wasm_hash_alone_excuses_nothing() {
        let mut new = file(11.0, 8.0);
        new.lock_sha256 = "bb".to_owned();
        new.codecs.values_mut().next().expect("a codec").producer.sha256 = "11".to_owned();
        let differences = Differences::between(&file(10.0, 8.0), &new, true);
        assert_eq!((differences.grew.len(), differences.circumstances.len()), (1, 1));
    }

    #[test]
    fn rows_come_and_go() {
        let (old, mut new) = (file(1.0, 1.0), file(1.0, 1.0));
        let row = new.encode.remove("ping@1/c").expect("a row");
        new.encode.insert("ping@1/d".to_owned(), row);
        let differences = Differences::between(&old, &new, true);
        assert_eq!(
            (differences.new, differences.gone),
            (vec!["encode ping@1/d".to_owned()], vec!["encode ping@1/c".to_owned()])
        );
        assert!(Differences::between(&old, &new, false).gone.is_empty());
    }
}
