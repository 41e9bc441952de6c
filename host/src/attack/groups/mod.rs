//! Attacks that are no file: modules that no text can be, malformed bytes for the codecs, and messages that change while they are read.

pub mod changes;
pub mod codecs;
mod modules;
mod reading;

use super::hostile::{Attack, Origin};
use crate::guests::catalog;

/// The attacks that are generated.
///
/// # Errors
/// Where the codecs of the workspace cannot be listed.
pub fn generated() -> anyhow::Result<Vec<Attack>> {
    let mut all = modules::attacks();
    all.extend(codecs::attacks()?);
    all.extend(changes::attacks()?);
    Ok(all)
}

/// Builds the codecs that some attacks are tried on.
///
/// # Errors
/// Where one cannot be built.
pub fn prepare<'a>(attacks: impl Iterator<Item = &'a Attack>) -> anyhow::Result<()> {
    let codecs: Vec<&str> = attacks
        .filter_map(|attack| match &attack.origin {
            Origin::Codec(codec) | Origin::Changes(codec) => Some(codec.as_str()),
            Origin::Forms(_) | Origin::Made(_) => None,
        })
        .collect();
    if !codecs.is_empty() {
        catalog(|name| codecs.contains(&name))?;
    }
    Ok(())
}
