//! What came of a trial.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What findings have in common that are cut to the first few.
    pub kind: String,
    /// What is wrong.
    pub text: String,
}

impl Finding {
    /// A finding of a kind.
    pub fn new(kind: impl Into<String>, text: impl Into<String>) -> Self {
        Self { kind: kind.into(), text: text.into() }
    }
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The codec does what it must; how much was tried.
    Passed(String),
    /// It cannot be known; why.
    Unknown(String),
    /// What is wrong.
    Wrong(Vec<Finding>),
}

/// How many findings of a kind are shown.
const SHOWN: usize = 3;

impl Verdict {
    /// A verdict over what was found; `tried` says how much.
    pub fn of(findings: Vec<Finding>, tried: impl Into<String>) -> Self {
        if findings.is_empty() { Self::Passed(tried.into()) } else { Self::Wrong(findings) }
    }

    /// The same of so many units. Where there is none, nothing was tried.
    pub fn of_units(units: usize, findings: Vec<Finding>, tried: impl Into<String>) -> Self {
        match (units, findings.is_empty()) {
            (0, true) => Self::Unknown("it has no message and task that this could be tried with".to_owned()),
            _ => Self::of(findings, tried),
        }
    }

    /// Whether something is wrong.
    pub const fn is_wrong(&self) -> bool {
        matches!(self, Self::Wrong(_))
    }

    /// The lines for a person, the first without an indent.
    pub fn lines(&self, indent: &str) -> String {
        match self {
            Self::Passed(tried) => tried.clone(),
            Self::Unknown(why) => format!("unknown: {why}"),
            Self::Wrong(findings) => shown(findings, indent),
        }
    }
}

/// The first findings of each kind, and how many more there are.
fn shown(findings: &[Finding], indent: &str) -> String {
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut order = Vec::new();
    for finding in findings {
        let texts = kinds.entry(&finding.kind).or_default();
        if texts.is_empty() {
            order.push(finding.kind.as_str());
        }
        texts.push(&finding.text);
    }
    let mut text = String::new();
    for kind in order {
        let texts = kinds.get(kind).map_or(&[][..], Vec::as_slice);
        for line in texts.iter().take(SHOWN) {
            let line = line.replace('\n', &format!("\n{indent}  "));
            let _ = write!(text, "{}{line}", if text.is_empty() { String::new() } else { format!("\n{indent}") });
        }
        if texts.len() > SHOWN {
            let _ = write!(text, "\n{indent}and {} more of the same kind", texts.len() - SHOWN);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Finding, Verdict};

    #[test]
    fn a_person_reads_the_first_few_of_each_kind() {
        let mut findings: Vec<_> = (0..15).map(|number| Finding::new("digest", format!("digest {number}"))).collect();
        findings.push(Finding::new("trap", "a trap\nand where"));
        let lines = Verdict::of(findings, "").lines("  ");
        let expected = "digest 0\n  digest 1\n  digest 2\n  and 12 more of the same kind\n  a trap\n    and where";
        assert_eq!(lines, expected);
        assert_eq!(Verdict::of(Vec::new(), "all").lines(""), "all");
    }

    #[test]
    fn where_nothing_was_tried_nothing_passed() {
        assert!(matches!(Verdict::of_units(0, Vec::new(), "all"), Verdict::Unknown(_)));
        assert!(matches!(Verdict::of_units(1, Vec::new(), "all"), Verdict::Passed(_)));
        assert!(Verdict::of_units(0, vec![Finding::new("guest", "it fails")], "all").is_wrong());
    }
}
