//! What docs/ABI.md says is what the library does, versions in docs/HOSTS.md are those of lock files, and what documents refer to is
//! there. (docs/TRANSPORTS.md is read by cells.rs.)

mod links;
mod locks;

use std::fs;

use weft::build::Role;
use weft_link::guest::Traits;
use weft_schemas::Status;

use crate::support::workspace;

fn abi() -> String {
    fs::read_to_string(workspace().join("docs/ABI.md")).expect("docs/ABI.md")
}

/// Code, origin and meaning of each row of the table of statuses.
fn documented_statuses() -> Vec<(i64, String, String)> {
    let abi = abi();
    let table = abi.lines().skip_while(|line| !line.starts_with("| code |")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|')).map(|row| {
        let mut columns = row.split('|').map(str::trim).skip(1);
        let code = columns.next().expect("a code").replace('\u{2212}', "-");
        let mut text = || columns.next().expect("three columns").to_owned();
        (code.parse().expect("a number"), text(), text())
    });
    rows.collect()
}

#[test]
fn the_table_of_statuses_is_that_of_the_code() {
    let documented = documented_statuses();
    let codes: Vec<i64> = documented.iter().map(|(code, ..)| *code).collect();
    assert_eq!(codes, Status::ALL.map(Status::code));
    for ((code, from, meaning), status) in documented.iter().zip(Status::ALL) {
        let name = status.meaning().split(':').next().expect("a name");
        assert!(meaning.starts_with(name), "{code}: `{meaning}` is not about `{name}`");
        assert!(["both", if *code > -16 { "consumer" } else { "producer" }].contains(&from.as_str()), "{code}: {from}");
    }
}

#[test]
fn the_example_of_a_description_is_one() {
    let abi = abi();
    let example = abi.split("```json").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let traits: Traits = serde_json::from_str(example).unwrap_or_else(|error| panic!("{error} in {example}"));
    let again = serde_json::to_value(&traits).expect("traits are JSON");
    let example: serde_json::Value = serde_json::from_str(example).expect("JSON");
    assert_eq!(again, example, "the example has keys that nobody reads");
}

/// What somebody copies who adds a codec are codecs of the workspace, which are built, tested and verified.
#[test]
fn the_examples_of_codecs_are_codecs() {
    let document = fs::read_to_string(workspace().join("docs/ADDING_A_CODEC.md")).expect("docs/ADDING_A_CODEC.md");
    let examples = [
        ("toml", 0, "modules/codecs/postcard/Cargo.toml"),
        ("rust,ignore", 0, "modules/codecs/postcard/src/lib.rs"),
        ("rust,ignore", 1, "modules/fixtures/hand/src/lib.rs"),
    ];
    for (language, number, file) in examples {
        let block = document.split(&format!("```{language}\n")).nth(number + 1).and_then(|rest| rest.split_once("```"));
        let path = workspace().join(file);
        let file = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(block.is_some_and(|(block, _)| block == file), "docs/ADDING_A_CODEC.md has another {}", path.display());
    }
}

/// What a producer in another language is asked for is what the document names.
#[test]
fn the_seeds_are_the_documented_ones() {
    for seed in [weft_schemas::WATERMARKED, weft_schemas::EDGES] {
        assert!(abi().contains(&format!("`0x{seed:X}`")), "docs/ABI.md must name {seed:#X}");
    }
    assert_eq!(weft_schemas::WILD, 1 << 63);
}

/// A guest in another language must know where its stack goes.
#[test]
fn the_stack_of_a_consumer_is_the_documented_one() {
    let size = Role::Consumer.stack_size();
    assert!(abi().contains(&format!("-zstack-size={size}")), "docs/ABI.md must name {size}");
}
