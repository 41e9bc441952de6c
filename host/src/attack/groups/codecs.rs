//! Malformed bytes for the consumer of each codec that checks what it reads.

use weft_link::transport::Transport;

use crate::attack::hostile::Attack;
use crate::attack::outcome::Seen;

/// An attack for each codec.
///
/// # Errors
/// Where the codecs of the workspace cannot be listed.
pub fn attacks() -> anyhow::Result<Vec<Attack>> {
    Ok(Vec::new())
}

/// Sends malformed bytes to a codec's consumer.
///
/// # Errors
/// Where its guests do not work.
pub fn send_malformed(codec: &str, transport: &dyn Transport) -> anyhow::Result<Seen> {
    anyhow::bail!("{codec} {}", transport.name())
}
