//! What guests are built as: WebAssembly, or dynamic libraries of this machine for hosts that run native code.

use std::collections::HashMap;

use serde::Deserialize;

use super::files::workspace;
use super::{File, GuestsError, builder};
use crate::build;
use crate::print;

/// What a host's guests are built as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GuestFormat {
    /// Files of WebAssembly.
    #[default]
    Wasm,
    /// Dynamic libraries of this machine.
    Cdylib,
}

/// The guests of codecs as dynamic libraries of this machine, by the codec's name: the producer's file and the consumer's.
/// Codecs that are not of the workspace have none, nor those without a feature `native`.
///
/// # Errors
/// Where one does not compile.
pub fn libraries(
    features: &[String],
    wanted: impl Fn(&str) -> bool,
) -> Result<HashMap<String, [File; 2]>, GuestsError> {
    let mut crates = build::codecs(workspace())?;
    crates.retain(|guest| guest.is_native && wanted(&guest.name));
    let builder = features.iter().fold(builder()?.for_native(), |builder, feature| builder.with_feature(feature));
    if !builder.missing(&crates)?.is_empty() {
        print::err("building native guests");
    }
    let mut files = HashMap::new();
    for guest in builder.build(&crates)? {
        if let (Some(producer), Some(consumer)) = (guest.producer, guest.consumer) {
            files.insert(guest.name, [File::at(producer)?, File::at(consumer)?]);
        }
    }
    Ok(files)
}
