//! `weft new message`: a message's file, and its lines in the table of messages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use clap::Args;
use weft_schemas::KINDS;

use crate::guests::workspace;
use crate::print;

/// What the file is made of: a message `parcel` that compiles.
const TEMPLATE: &str = include_str!("message.template");
/// Where messages are declared.
const TABLE: &str = "schemas/src/lib.rs";
/// Words of Rust that begin with a lower-case letter, and so might be taken for a name.
const RESERVED: &str = "abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if \
    impl in let loop macro match mod move mut override priv pub ref return self static struct super trait true try type typeof unsafe \
    unsized use virtual where while yield";

/// Makes a message: a file in schemas/src that compiles, and its lines in the table of messages
#[derive(Args)]
#[command(after_help = "Example:\n  cargo weft new message parcel\n\n\
                        Every codec on serde and its like carries the message at once. What is to be filled in is numbered in the file; \
                        docs/ADDING_A_MESSAGE.md explains it.")]
pub struct Message {
    /// Its name before the `@`: lower-case letters, digits and `_`
    name: String,
}

impl Message {
    /// Makes it, and prints what is next.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let file = make(workspace(), &self.name)?;
        let file = file.strip_prefix(workspace()).unwrap_or(&file).display();
        let name = &self.name;
        print::out(&format!(
            "made {file}, and its two lines in {TABLE}: it compiles. Next:\n  \
             1. edit {file}: what is to be filled in is numbered there\n  \
             2. cargo test -p weft-schemas                   the messages' own tests\n  \
             3. cargo test -p weft-codec-bincode             a codec that carries every message: round trips, broken bytes\n  \
             4. cargo weft verify '{name}@1'             every codec that carries it, over every transport\n  \
             5. a wire type in each codec that writes messages by hand; until then it says that it does not carry {name}\n  \
             6. cargo weft count '{name}@1'              instructions, copies, allocations\n  \
             7. cargo weft count --write results/exact.json   so that CI notices when its figures grow\n\
             docs/ADDING_A_MESSAGE.md explains each step.\n"
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes the file of a message in a workspace, and its lines in the table; returns where the file is.
///
/// # Errors
/// Where the name is none or is taken, the table is not what it should be, or a file cannot be written.
pub fn make(root: &Path, name: &str) -> anyhow::Result<PathBuf> {
    check(name)?;
    let table = root.join(TABLE);
    let text = fs::read_to_string(&table).with_context(|| format!("{} cannot be read", table.display()))?;
    let file = root.join("schemas/src").join(format!("{name}.rs"));
    if file.exists() || file.with_extension("").is_dir() || KINDS.iter().any(|kind| kind.name == name) {
        bail!("schemas/src has a module `{name}` already; choose another name");
    }
    let type_name = camel(name);
    if is_word_of(&text, &type_name)
        || TEMPLATE.lines().take_while(|line| !line.contains('{')).any(|line| is_word_of(line, &type_name))
    {
        bail!(
            "the type of `{name}` would be called `{type_name}`, and {TABLE} has another of this name; choose another name"
        );
    }
    let text = entered(&text, name, &type_name)
        .with_context(|| format!("{TABLE} has no `pub mod` or no table of messages"))?;
    let code = TEMPLATE.replace("Parcel", &type_name).replace("parcel", name);
    fs::write(&file, code).with_context(|| format!("{} cannot be written", file.display()))?;
    fs::write(&table, text).with_context(|| format!("{} cannot be written", table.display()))?;
    Ok(file)
}

/// Whether a module and a part of an export can have this name.
fn check(name: &str) -> anyhow::Result<()> {
    let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    ensure!(
        name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(letter)
            && !name.ends_with('_')
            && !name.contains("__"),
        "`{name}` is no name for a message: it begins with a lower-case letter, and has lower-case letters, digits and `_`, such as \
         `game_update`"
    );
    ensure!(!RESERVED.split_whitespace().any(|word| word == name), "`{name}` is a word of Rust's; choose another name");
    ensure!(name.len() <= 40, "`{name}` is too long for a message's name: 40 letters at most");
    Ok(())
}

/// `game_update` as a type: `GameUpdate`.
fn camel(name: &str) -> String {
    let capitalised = |word: &str| {
        word.chars().take(1).map(|first| first.to_ascii_uppercase()).chain(word.chars().skip(1)).collect::<String>()
    };
    name.split('_').map(capitalised).collect()
}

fn is_word_of(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|other| other == word)
}

/// The table's file with the message's module, in alphabetical order, and its line at the table's end.
fn entered(text: &str, name: &str, type_name: &str) -> Option<String> {
    let module = |line: &str| {
        line.trim_start_matches("pub ").strip_prefix("mod ").map(|rest| rest.trim_end_matches(';').to_owned())
    };
    let lines: Vec<&str> = text.lines().collect();
    let mods = || lines.iter().enumerate().filter_map(|(at, line)| Some((at, module(line)?)));
    let last = mods().next_back()?.0 + 1;
    let at = mods().find(|(_, other)| other.as_str() > name).map_or(last, |(at, _)| at);
    // An attribute stands before its module.
    let before = |at: &usize| lines.get(at.wrapping_sub(1)).is_some_and(|line| line.starts_with("#["));
    let at = if before(&at) { at - 1 } else { at };
    let opening = lines.iter().position(|line| line.ends_with("messages! {"))?;
    let closing = opening + lines.get(opening..)?.iter().position(|line| *line == "}")?;
    let (module, entry) = (format!("pub mod {name};"), format!("    {name}: {type_name},"));
    let mut lines: Vec<&str> = lines;
    lines.insert(closing, &entry);
    lines.insert(at, &module);
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::{TABLE, camel, check, entered, make};
    use crate::guests::workspace;

    #[test]
    fn names_are_those_of_modules() {
        for name in ["parcel", "game_update", "mk48", "a"] {
            assert!(check(name).is_ok(), "{name}");
        }
        for name in
            ["", "Parcel", "2d", "a-b", "../a", "a/b", "_a", "a_", "a__b", "a b", "größe", "type", "self", "gen"]
        {
            let error = check(name).expect_err(name).to_string();
            assert!(error.contains("is no name for a message") || error.contains("a word of Rust's"), "{error}");
        }
        assert_eq!([camel("parcel"), camel("game_update"), camel("mk48")], ["Parcel", "GameUpdate", "Mk48"]);
    }

    #[test]
    fn names_that_are_taken_are_refused() {
        for (name, why) in [
            ("log", "a module `log` already"),
            ("player", "a module `player` already"),
            ("digest", "a module `digest` already"),
            ("outcome", "would be called `Outcome`"),
            ("kind", "would be called `Kind`"),
        ] {
            let error = make(workspace(), name).expect_err(name).to_string();
            assert!(error.contains(why) && error.contains("choose another name"), "{error}");
        }
    }

    #[test]
    fn modules_are_in_order_and_the_table_grows_at_its_end() {
        let table = std::fs::read_to_string(workspace().join(TABLE)).expect("the table");
        for (name, type_name) in [("a", "A"), ("parcel", "Parcel"), ("tree_2", "Tree2"), ("zebra", "Zebra")] {
            let text = entered(&table, name, type_name).expect("a table");
            let at =
                |line: &str| text.lines().position(|other| other == line).unwrap_or_else(|| panic!("{line}: {text}"));
            let (module, entry) = (at(&format!("pub mod {name};")), at(&format!("    {name}: {type_name},")));
            assert!(module < entry && text.lines().nth(entry + 1) == Some("}"), "{text}");
            assert!(text.lines().nth(module - 1).is_some_and(|before| !before.starts_with("#[")), "{text}");
            assert_eq!(text.lines().count(), table.lines().count() + 2);
        }
        assert_eq!(entered("pub mod a;\n", "b", "B"), None);
    }
}
