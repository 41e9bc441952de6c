//! `unsafe`: each block and each `impl` has its argument, a comment `SAFETY:` above it. Clippy asks for the same of what it compiles; this
//! reads all sources, whatever they are compiled for.

use super::sources::{Finding, Text};

/// So many lines above `unsafe` its argument may begin.
const ABOVE: usize = 8;

/// The places of a file that have no argument.
pub fn without_argument(source: &Text) -> Vec<Finding> {
    let lines: Vec<&str> = source.text.lines().collect();
    let needs = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        ["unsafe {", "unsafe impl"].iter().any(|asks| code.contains(asks) && !code.contains('"'))
    };
    let argued = |place: usize| lines[place.saturating_sub(ABOVE)..=place].iter().any(|line| line.contains("SAFETY:"));
    let found = (0..lines.len()).filter(|place| needs(lines[*place]) && !argued(*place));
    found.map(|place| source.finding(place + 1, "`unsafe` without a comment `SAFETY:` above it".to_owned())).collect()
}

#[test]
fn an_argument_stands_above() {
    let text = "// SAFETY: fine.\nunsafe { f() }\n\n\n\n\n\n\n\n\nlet x = unsafe { g() };\n// unsafe { }\nunsafe fn h() {}\n\"unsafe {\"\nunsafe impl Sync for X {}";
    let found: Vec<_> = without_argument(&Text::new("a.rs", text)).iter().map(Finding::to_string).collect();
    let rule = "`unsafe` without a comment `SAFETY:` above it";
    assert_eq!(found, [11, 15].map(|line| format!("a.rs:{line}: {rule}")));
}
