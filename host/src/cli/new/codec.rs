//! `weft new codec`: a codec's directory, from the examples of docs/ADDING_A_CODEC.md.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;

use crate::guests::{names_of, workspace};
use crate::print;

/// The document whose examples the files are.
const DOCUMENT: &str = "docs/ADDING_A_CODEC.md";
/// The longest line of a comment, with its indent.
const WIDTH: usize = 120;

/// Makes a directory modules/codecs/NAME that compiles
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo weft new codec mine --serde   all messages, through serde; postcard stands in for your library\n  \
                        cargo weft new codec mine           a layout of your own, or a library with a schema: ping is written\n\n\
                        The files are the examples of docs/ADDING_A_CODEC.md. What is to be filled in is numbered in them."
)]
pub struct Codec {
    /// Its name: lower-case letters, digits, `-` and `_`
    name: String,
    /// A codec through serde, which carries every message as soon as its two calls are written
    #[arg(long)]
    serde: bool,
}

impl Codec {
    /// Makes it, and prints what is next.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let directory = make(workspace(), &self.name, self.serde)?;
        let directory = directory.strip_prefix(workspace()).unwrap_or(&directory).display();
        let name = &self.name;
        print::out(&format!(
            "made {directory}: it compiles, and passes verification as it is. Next:\n  \
             1. edit {directory}/Cargo.toml and {directory}/src/lib.rs: what is to be filled in is numbered there\n  \
             2. cargo test -p weft-codec-{name}           what it encodes it reads again, and broken messages do no harm\n  \
             3. cargo weft verify --codec {name}          all that a codec must do and bear\n  \
             4. cargo weft count {name}                   instructions, copies, allocations\n  \
             5. cargo bench -- {name}                     its rows beside the other codecs'\n  \
             6. cargo weft race {name} --against HEAD     after each further edit: what it changed\n\
             {DOCUMENT} explains each step.\n"
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes the directory of a codec in a workspace; returns where it is.
///
/// # Errors
/// Where the name is none or is taken, the document has no examples, or a file cannot be written.
pub fn make(root: &Path, name: &str, serde: bool) -> anyhow::Result<PathBuf> {
    check(name)?;
    let directory = root.join("modules/codecs").join(name);
    let taken =
        |place: &Path| format!("there is a codec `{name}` already, in {}; choose another name", place.display());
    ensure!(!directory.exists(), taken(&directory));
    ensure!(!names_of(root)?.iter().any(|other| other == name), taken(&root.join("modules/text")));
    let document = fs::read_to_string(root.join(DOCUMENT)).with_context(|| format!("{DOCUMENT} cannot be read"))?;
    let example = |language: &str, number| {
        example(&document, language, number).with_context(|| format!("{DOCUMENT} has no example in {language}"))
    };
    let (manifest, code) = (example("toml", 0)?, example("rust,ignore", usize::from(!serde))?);
    let (manifest, code) = match serde {
        true => (manifest, through_serde(&code, name, &document)),
        false => (without_serde(&manifest), by_hand(&code, name)),
    };
    let files = [
        ("Cargo.toml", numbered(&manifest, serde).replace("weft-codec-postcard", &format!("weft-codec-{name}"))),
        ("src/lib.rs", code),
    ];
    fs::create_dir_all(directory.join("src")).with_context(|| format!("{} cannot be made", directory.display()))?;
    for (file, content) in files {
        fs::write(directory.join(file), content).with_context(|| format!("{file} cannot be written"))?;
    }
    Ok(directory)
}

/// Whether a package, a directory and a cell can have this name.
fn check(name: &str) -> anyhow::Result<()> {
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_');
    ensure!(
        begins && name.chars().all(letter) && !name.ends_with(['-', '_']),
        "`{name}` is no name for a codec: it begins with a lower-case letter, and has lower-case letters, digits, `-` and `_`, such as \
         `flatbuffers-unchecked`"
    );
    ensure!(name.len() <= 40, "`{name}` is too long for a codec's name: 40 letters at most");
    Ok(())
}

/// An example of the document: the block of this language with this number.
fn example(document: &str, language: &str, number: usize) -> Option<String> {
    let opening = format!("```{language}\n");
    let block = document.split(opening.as_str()).nth(number + 1)?;
    Some(block.split_once("```")?.0.to_owned())
}

/// The manifest of a codec that does not use serde.
fn without_serde(manifest: &str) -> String {
    let lines = manifest.lines().filter(|line| !line.starts_with("postcard =") && !line.starts_with("serde."));
    let lines = lines.map(|line| if line.starts_with("weft-guest =") { "weft-guest.workspace = true" } else { line });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// The manifest with what is to be filled in.
fn numbered(manifest: &str, serde: bool) -> String {
    let what = match serde {
        true => "# 1. Your library in place of postcard, without its default features where it builds so.\n",
        false => "# 0. The library, without its default features where it builds so.\n",
    };
    let place = if serde { "postcard =" } else { "\n[dev-dependencies]" };
    match manifest.find(place) {
        Some(at) => format!("{}{what}{}", &manifest[..at], &manifest[at..]),
        None => manifest.to_owned(),
    }
}

/// The example of a codec through serde under another name, with what the document says of each part as a comment before it.
fn through_serde(code: &str, name: &str, document: &str) -> String {
    let places = [
        ("weft_guest::serde_codec!", "Traits"),
        ("    release:", "release"),
        ("    type Text<", "Text"),
        ("    type Bytes<", "Bytes"),
        ("    const NAMES_FIELDS", "NAMES_FIELDS"),
        ("    const ELEMENTS_FOLLOW", "ELEMENTS_FOLLOW"),
        ("weft_testing::overhead!", "weft_testing::overhead!"),
    ];
    let calls = [
        ("    fn encode<", "The library's call that encodes."),
        ("    fn decode<", "The one that decodes, and returns what follows. Its errors become statuses."),
        ("    fn list(", "The head of a list: without `ELEMENTS_FOLLOW` it goes."),
    ];
    let (mut text, mut number) = (String::new(), 1);
    let lines: Vec<&str> = code.lines().skip(1).collect();
    text.push_str(&format!("//! `{name}`: through serde; postcard stands in for its library.\n"));
    for (at, line) in lines.iter().enumerate() {
        // A comment stands before the attribute of what it is about.
        let about = if line.trim_start().starts_with("#[") { lines.get(at + 1).unwrap_or(line) } else { line };
        let attributed = at > 0 && lines.get(at - 1).is_some_and(|before| before.trim_start().starts_with("#["));
        let said =
            places.iter().find(|(place, _)| about.starts_with(place)).and_then(|(_, what)| bullet(document, what));
        let said = said
            .or_else(|| calls.iter().find(|(place, _)| about.starts_with(place)).map(|(_, what)| (*what).to_owned()));
        if let Some(said) = said.filter(|_| !attributed) {
            number += 1;
            text.push_str(&comment(&said, number, line));
        }
        text.push_str(line);
        text.push('\n');
    }
    named(&text, name)
}

/// What the document says in its list of a part of the example.
fn bullet(document: &str, what: &str) -> Option<String> {
    let begins = format!("- `{what}`");
    let lines = document.lines().skip_while(|line| !line.starts_with(&begins));
    let mut text: Vec<&str> = lines.clone().take(1).map(|line| line.trim_start_matches("- ")).collect();
    text.extend(lines.skip(1).take_while(|line| line.starts_with("  ")).map(str::trim));
    (!text.is_empty()).then(|| text.join(" "))
}

/// A numbered comment, with the indent of the line that it is about.
fn comment(said: &str, number: usize, line: &str) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let (mut text, mut current) = (String::new(), format!("{indent}// {number}."));
    for word in said.split(' ') {
        if current.len() + 1 + word.len() > WIDTH {
            text.push_str(&current);
            text.push('\n');
            current = format!("{indent}//   ");
        }
        current.push(' ');
        current.push_str(word);
    }
    text + &current + "\n"
}

/// The example with the codec's own type and description.
fn named(text: &str, name: &str) -> String {
    // With a suffix, because messages and what the file imports have names of one word.
    let camel = name.split(['-', '_']).map(capitalised).collect::<String>() + "Codec";
    text.replace("about: \"postcard through serde\"", &format!("about: \"{name}: a stand-in, postcard through serde\""))
        .replace("Postcard's one format", &format!("The format of `{name}`"))
        .replace("Postcard", &camel)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// The example of a codec by hand under another name.
fn by_hand(code: &str, name: &str) -> String {
    let described = format!("{name}: a layout by hand\"");
    code.replacen("`hand`", &format!("`{name}`"), 1).replacen("a layout by hand\"", &described, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_packages() {
        for name in ["mine", "mine-2", "flatbuffers_unchecked", "a"] {
            assert!(check(name).is_ok(), "{name}");
        }
        for name in ["", "Mine", "2mine", "mine+x", "../mine", "mine/x", "-x", "x-", "mine x", "mïne"] {
            assert!(check(name).is_err_and(|error| error.to_string().contains("is no name for a codec")), "{name}");
        }
    }

    #[test]
    fn a_name_that_is_taken_is_refused() {
        let error = make(workspace(), "postcard", true).expect_err("it is there").to_string();
        assert!(
            error.contains("there is a codec `postcard` already") && error.contains("choose another name"),
            "{error}"
        );
        let error = make(workspace(), "wat", true).expect_err("it is there, in text").to_string();
        assert!(error.contains("there is a codec `wat` already, in ") && error.contains("modules/text;"), "{error}");
    }

    #[test]
    fn what_the_document_says_becomes_comments() {
        let document = fs::read_to_string(workspace().join(DOCUMENT)).expect("the document");
        let code = example(&document, "rust,ignore", 0).expect("an example");
        let text = through_serde(&code, "my-error", &document);
        for part in [
            "// 2. `Traits` beside",
            "    // 4. `Text` is what",
            "    // 10. The head of a list",
            "impl Format for MyError",
        ] {
            assert!(text.contains(part), "`{part}` is missing in {text}");
        }
        let mut comments = text.lines().filter(|line| line.trim_start().starts_with("// "));
        assert!(!text.contains("Postcard") && comments.all(|line| line.len() <= WIDTH), "{text}");
        let code = example(&document, "rust,ignore", 1).expect("an example");
        let text = by_hand(&code, "mine");
        assert!(text.starts_with("//! `mine`") && text.contains("about: \"mine: a layout by hand\""), "{text}");
    }
}
