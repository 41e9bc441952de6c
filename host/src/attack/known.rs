//! What is known of the outcomes: those that were tried last, or those that this build promises.

use std::path::Path;
use std::sync::LazyLock;

use super::Attacked;
use super::promise::{Promise, family};
use crate::print;
use crate::record::{Attacks, Tried};

/// What this weft promises of its transports. A test reads the same document.
static PROMISED: LazyLock<Attacks> = LazyLock::new(|| {
    Promise::read(include_str!("../../../docs/ISOLATION.md")).map(|promise| promise.attacks()).unwrap_or_default()
});

/// What this build promises.
pub fn promised() -> &'static Attacks {
    &PROMISED
}

/// What a run has beside its times: the outcomes that are kept among these results, where they are of this build on this machine;
/// otherwise those that it promises.
pub fn known(results: &Path) -> Attacks {
    let kept = Attacks::kept(results).unwrap_or_else(|error| {
        print::err(&format!("{error:#}: the run has what is promised; cargo weft attack writes the file anew"));
        None
    });
    let is_ours = |kept: &Attacks| kept.tried.as_ref().is_some_and(|tried| tried.is_like(&Tried::now()));
    kept.filter(is_ours).unwrap_or_else(|| promised().clone())
}

impl Attacked {
    /// The outcomes, as they are kept.
    pub fn outcomes(&self) -> Attacks {
        let mut attacks = Attacks { tried: Some(Tried::now()), ..Attacks::default() };
        for row in &self.rows {
            attacks.add(family(&row.attack), row.transport, row.seen.outcome);
        }
        attacks
    }
}
