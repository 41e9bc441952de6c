//! Layers: modules of which each may use those that stand below it. They are named from the bottom up.

use std::collections::BTreeMap;

use super::mentions::{Mention, mentions};
use super::sources::{Finding, Source};

/// Where the modules of the library are.
const ROOT: &str = "host/src/";

/// Imports and paths that point up, and modules that are no layer. `lib.rs` and `main.rs` stand above all layers.
pub fn wrong(layers: &[&str], sources: &[Source]) -> Vec<Finding> {
    let mut modules: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in sources {
        if let Some(layer) = module(&source.path).first() {
            modules.entry(layer).or_default().push(source);
        }
    }
    let all: Vec<&str> = modules.keys().copied().collect();
    let judge = |(layer, sources): (&str, Vec<&Source>)| -> Vec<Finding> {
        if layers.contains(&layer) {
            sources.into_iter().flat_map(|source| upwards(layers, &all, source)).collect()
        } else {
            // One of its files will do.
            sources.into_iter().take(1).map(|source| unplaced(layer, source)).collect()
        }
    };
    modules.into_iter().flat_map(judge).collect()
}

/// The module that a file is, from the crate's root; nothing for the root itself.
fn module(path: &str) -> Vec<&str> {
    let path = path.strip_prefix(ROOT).unwrap_or(path);
    let mut names: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    match names.as_slice() {
        ["lib" | "main"] => names.clear(),
        [.., "mod"] => names.truncate(names.len() - 1),
        _ => {}
    }
    names
}

fn unplaced(layer: &str, source: &Source) -> Finding {
    source.finding(1, format!("`{layer}` is no layer: say where `{layer}` stands, in LAYERS of host/tests/house.rs"))
}

/// What a file mentions that stands above its own layer. `all` are the modules that there are: what points to one that is
/// no layer is not judged.
fn upwards(layers: &[&str], all: &[&str], source: &Source) -> Vec<Finding> {
    let module = module(&source.path);
    let own = module[0];
    let height = |layer: &str| layers.iter().position(|other| *other == layer);
    let above = |names: &[String]| match names.get(1).map(|to| (to.as_str(), height(to))) {
        Some((to, Some(_))) if height(to) > height(own) => Some(format!("`{to}` stands above `{own}`")),
        Some((_, Some(_))) => None,
        Some((to, None)) if all.contains(&to) => None,
        _ => Some(format!("the crate's root stands above `{own}`; name the layer that has it")),
    };
    let inside = mentions(&module, source).into_iter().filter(|mention| mention.names[0] == "crate");
    let found = |Mention { line, names }: Mention| {
        Some(source.finding(line, format!("`{}`: {}", names.join("::"), above(&names)?)))
    };
    inside.filter_map(found).collect()
}

/// What the files of a layer mention of the crate beside the layer itself.
pub fn company(layer: &str, sources: &[Source]) -> Vec<Finding> {
    let judge = |source: &Source| -> Vec<Finding> {
        let module = module(&source.path);
        let other =
            |mention: &Mention| mention.names[0] == "crate" && mention.names.get(1).is_none_or(|to| to != layer);
        let found = mentions(&module, source).into_iter().filter(other);
        let what = |names: &[String]| format!("`{}`: `{layer}` uses nothing of the crate", names.join("::"));
        found.map(|Mention { line, names }| source.finding(line, what(&names))).collect()
    };
    sources.iter().filter(|source| module(&source.path).first() == Some(&layer)).flat_map(judge).collect()
}

/// What a file of `host/link` mentions of weft's own crates. Only `weft_schemas::Status` is allowed.
pub fn foreign_to_link(source: &Source) -> Vec<Finding> {
    let foreign = |names: &[String]| match names[0].as_str() {
        "weft" => true,
        "weft_schemas" => names.get(1).is_none_or(|item| item != "Status"),
        _ => false,
    };
    let what = |path: String| format!("`{path}`: of weft, host/link may use `weft_schemas::Status` and nothing else");
    let mentions = mentions(&[], source).into_iter().filter(|mention| foreign(&mention.names));
    mentions.map(|mention| source.finding(mention.line, what(mention.names.join("::")))).collect()
}

#[cfg(test)]
fn found(files: &[(&str, &str)]) -> String {
    let sources: Vec<_> = files.iter().map(|(path, text)| Source::new(&format!("{ROOT}{path}"), text)).collect();
    super::sources::list(&mut wrong(&["low", "mid", "top"], &sources))
}

#[test]
fn files_are_modules() {
    assert_eq!(module("host/src/low.rs"), ["low"]);
    assert_eq!(module("host/src/low/mod.rs"), ["low"]);
    assert_eq!(module("host/src/low/part/piece.rs"), ["low", "part", "piece"]);
    assert!(module("host/src/lib.rs").is_empty() && module("host/src/main.rs").is_empty());
    assert_eq!(module("host/src/mid/main.rs"), ["mid", "main"]);
}

#[test]
fn a_layer_may_use_itself_and_those_below() {
    let files = [
        ("lib.rs", "pub mod low; pub mod mid; use crate::mid::M;"),
        ("main.rs", "use weft::top::T; use crate::x;"),
        ("low.rs", "use std::fs; use crate::low::x; use serde::top::y; use part::z;"),
        ("mid/mod.rs", "use crate::{low, mid::{self, part}}; mod tests { use super::*; use super::super::low::x; }"),
        ("mid/part.rs", "use super::x; fn f() { crate::low::g(super::super::low::h()) }"),
    ];
    assert_eq!(found(&files), "");
}

#[test]
fn whatever_points_up_is_found() {
    let files = [
        (
            "low/part.rs",
            "use crate::{low::x,\nmid::M};\n#[cfg(test)]\nmod tests {\nuse super::super::super::top::T;\n}",
        ),
        ("mid.rs", "fn f() {\n  g!(crate::top::h());\n  fn i() { use crate::top; }\n}"),
        ("top.rs", "use crate::mid::*;"),
    ];
    let expected = "host/src/low/part.rs:2: `crate::mid::M`: `mid` stands above `low`\n\
        host/src/low/part.rs:5: `crate::top::T`: `top` stands above `low`\n\
        host/src/mid.rs:2: `crate::top::h`: `top` stands above `mid`\n\
        host/src/mid.rs:3: `crate::top`: `top` stands above `mid`";
    assert_eq!(found(&files), expected);
}

#[test]
fn company_of_a_layer_that_is_alone_is_found() {
    let sources: Vec<_> = [
        ("mid.rs", "mod part;\nuse std::fs;\nuse crate::low::x;"),
        ("mid/part.rs", "use super::y;\nuse crate::mid::z;\nfn f() { super::super::top::g() }"),
        ("top.rs", "use crate::low::x;"),
    ]
    .map(|(path, text)| Source::new(&format!("{ROOT}{path}"), text))
    .into();
    let expected = "host/src/mid.rs:3: `crate::low::x`: `mid` uses nothing of the crate\n\
        host/src/mid/part.rs:3: `crate::top::g`: `mid` uses nothing of the crate";
    assert_eq!(super::sources::list(&mut company("mid", &sources)), expected);
}

#[test]
fn a_module_without_a_place_is_found() {
    let files = [("new/mod.rs", "use crate::top::T;"), ("new/part.rs", ""), ("low.rs", "use crate::new::N;")];
    let expected = "host/src/new/mod.rs:1: `new` is no layer: say where `new` stands, in LAYERS of host/tests/house.rs";
    assert_eq!(found(&files), expected);
}

#[test]
fn the_root_is_above_all() {
    let files = [("low.rs", "use crate::Item;\nuse super::*;\nuse crate as c;")];
    let root = |line, path| {
        format!("host/src/low.rs:{line}: `{path}`: the crate's root stands above `low`; name the layer that has it")
    };
    assert_eq!(found(&files), [root(1, "crate::Item"), root(2, "crate::*"), root(3, "crate")].join("\n"));
}

#[test]
fn the_link_knows_statuses_and_nothing_else_of_weft() {
    let fine =
        "use weft_schemas::Status;\nuse crate::weft::x;\nfn f(weft: u8) { weft_schemas::Status::code(s); g(weft) }";
    assert!(foreign_to_link(&Source::new("host/link/src/lib.rs", fine)).is_empty());
    let wrong = "use weft_schemas::{Status,
        Task};
        use weft_schemas as s;
        use weft::run;
        fn f() { vec![weft_schemas::KINDS]; }
        use weft_schemas::*;
        use weft::Status;
        fn g(status: weft_schemas::Outcome) {}";
    let found = foreign_to_link(&Source::new("host/link/src/lib.rs", wrong));
    let found: Vec<_> = found.iter().map(Finding::to_string).collect();
    let expected = [
        "2: `weft_schemas::Task`",
        "3: `weft_schemas`",
        "4: `weft::run`",
        "5: `weft_schemas::KINDS`",
        "6: `weft_schemas::*`",
        "7: `weft::Status`",
        "8: `weft_schemas::Outcome`",
    ];
    let rule = "of weft, host/link may use `weft_schemas::Status` and nothing else";
    assert_eq!(found, expected.map(|place| format!("host/link/src/lib.rs:{place}: {rule}")));
}
