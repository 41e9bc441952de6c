//! What a run is called: by the time and the matrix, or as `WEFT_RUN_NAME` says.

use std::path::Path;

use crate::variables::{self, Misset};

/// Names that mean something else: the newest run, and the one that documents are made from.
const TAKEN: [&str; 2] = ["latest", "reference"];

/// The name that `WEFT_RUN_NAME` gives to the run to come. None where it gives none.
///
/// # Errors
/// Where it cannot be one, or below `results` there is something of this name.
pub fn name_from_environment(results: &Path) -> Result<Option<String>, Misset> {
    let Some(name) = variables::RUN_NAME.text()? else { return Ok(None) };
    let refused = |why: String| Misset(format!("{}={}: {why}", variables::RUN_NAME.name, variables::quoted(&name)));
    if variables::RESUME.text()?.is_some() {
        return Err(refused(format!(
            "{} goes on with a run that has its name; set one of them",
            variables::RESUME.name
        )));
    }
    if !can_be(&name) {
        return Err(refused(format!(
            "a run's name is made of letters, digits, `.`, `_` and `-`, {LONGEST} of them at most, and begins with none of `.` and `-`"
        )));
    }
    if TAKEN.contains(&name.as_str()) {
        return Err(refused(format!("{} have a meaning; choose another name", TAKEN.join(" and "))));
    }
    let path = results.join(&name);
    if path.symlink_metadata().is_ok() {
        let shown = variables::quoted(&path.display().to_string());
        return Err(refused(format!("there is a {shown} already; choose another name, or remove it: rm -r {shown}")));
    }
    Ok(Some(name))
}

/// A name that no run below `results` has: this one, or this one with a number.
pub fn free(results: &Path, name: &str) -> String {
    let numbered = |number: u32| if number == 1 { name.to_owned() } else { format!("{name}-{number}") };
    let mut names = (1..).map(numbered);
    names.find(|name| results.join(name).symlink_metadata().is_err()).unwrap_or_else(|| name.to_owned())
}

/// File systems take longer ones, and tables do not.
const LONGEST: usize = 100;

fn can_be(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (1..=LONGEST).contains(&name.len()) && name.chars().all(plain) && !name.starts_with(['.', '-'])
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, can_be, free};

    #[test]
    fn a_free_name_is_nobody_s() {
        let results = tempfile::tempdir().expect("a directory");
        for expected in ["other", "other-2", "other-3"] {
            assert_eq!(free(results.path(), "other"), expected);
            std::fs::create_dir(results.path().join(expected)).expect("a run");
        }
    }

    #[test]
    fn names_are_directories_and_words_of_a_command() {
        for name in ["before", "2026-11-24", "a.b_c-D"] {
            assert!(can_be(name), "{name}");
        }
        for name in ["", ".", "..", ".hidden", "-v", "a/b", "a b", "ä", "a\n"] {
            assert!(!can_be(name), "{name}");
        }
        assert!(can_be(&"a".repeat(LONGEST)) && !can_be(&"a".repeat(LONGEST + 1)));
    }
}
