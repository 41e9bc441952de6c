//! What of an item a host needs to make something to time of it.

use crate::cell::Figure;

/// A figure, and with which guests.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The figure.
    pub figure: &'a Figure,
    /// The round's guests to take in place of those that the figure's codec names.
    pub guests: Option<&'a str>,
    /// Which placement of their code: another number is on other pages, where the host can place code anew.
    pub placement: u32,
}

impl<'a> Asked<'a> {
    /// The name of the round's guests for a codec that the figure names.
    pub fn guests_of(&self, codec: &'a str) -> &'a str {
        self.guests.unwrap_or(codec)
    }
}
