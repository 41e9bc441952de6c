//! The integration tests, in one program: what they share is compiled and linked once. A file here is a module, and
//! `cargo test -p weft --test all compare::` runs those of one file.

mod against;
mod amplified;
mod answers;
mod aside;
mod attack;
mod beside;
mod building;
mod cells;
mod commands;
mod compare;
mod compare_page;
mod count;
mod damaged;
mod documents;
mod exact;
#[cfg(unix)]
mod faults;
mod foreign;
mod fuel;
mod held;
mod hostile;
mod house;
mod interrupted;
mod invalid;
mod malformed;
mod metering;
mod new_codec;
mod new_message;
mod old;
mod own_guests;
mod page;
mod properties;
mod protocol;
mod race;
mod replies;
mod reproducible;
mod rounds;
mod scailable;
mod sharing;
mod show;
mod spare;
mod strangers;
mod supplied;
mod support;
#[cfg(unix)]
mod toolchain;
mod traps;
mod trials;
mod variables;
mod vectors;

#[test]
fn every_file_is_a_module() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).expect("this directory");
    let names = files.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
    let missing = |name: &String| !include_str!("main.rs").contains(&format!("\nmod {name};\n"));
    let tests = names.filter_map(|name| Some(name.strip_suffix(".rs")?.to_owned())).filter(|name| name != "main");
    assert_eq!(tests.filter(missing).collect::<Vec<_>>(), Vec::<String>::new(), "add them to tests/main.rs");
}
