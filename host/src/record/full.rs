//! The last full run: what a run of a part can be set beside.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::{Record, load};

/// What decides whether a run is a full one, and the last.
#[derive(Deserialize)]
struct Head {
    matrix: String,
    #[serde(default)]
    messages: Vec<String>,
    filter: Option<String>,
    complete: bool,
    environment: Started,
}

#[derive(Deserialize)]
struct Started {
    started: String,
}

/// The run below `results` that began last, of those that are complete, without a filter, and of the matrix and messages of
/// `like`. None where there is none; one that cannot be read is none.
pub fn last_full(results: &Path, like: &Record) -> Option<Record> {
    let directories = fs::read_dir(results).ok()?.flatten().map(|entry| entry.path());
    // `latest` is one of the others.
    let directories = directories.filter(|path| !path.is_symlink());
    let head = |path: &Path| serde_json::from_str::<Head>(&fs::read_to_string(path.join("run.json")).ok()?).ok();
    let mut full: Vec<_> = directories
        .filter_map(|path| head(&path).map(|head| (head, path)))
        .filter(|(head, _)| head.complete && head.filter.is_none())
        .filter(|(head, _)| (&head.matrix, &head.messages) == (&like.matrix, &like.messages))
        .collect();
    // RFC 3339 in UTC: in the order of time.
    full.sort_by(|(a, _), (b, _)| b.environment.started.cmp(&a.environment.started));
    full.iter().find_map(|(_, path)| load(&path.join("run.json")).ok())
}
