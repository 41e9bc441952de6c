//! Temporary.
use serde::Serialize;
/// V.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Verdict {
    Faster,
    Slower,
    Same,
    Unsure,
}
impl Verdict {
    /// V.
    pub const ALL: [Self; 4] = [Self::Slower, Self::Faster, Self::Unsure, Self::Same];
    /// V.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Faster => "faster",
            Self::Slower => "slower",
            Self::Same => "same",
            Self::Unsure => "unsure",
        }
    }
}
