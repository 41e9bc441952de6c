//! Why an archive is refused.

use core::error::Error;
use core::fmt::{self, Debug, Display};

use rkyv::rancor::{Source, Trace};
use weft_schemas::Status;

/// rkyv's error as a status: all that is kept of it.
#[derive(Debug)]
pub struct Refusal(pub Status);

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

impl Error for Refusal {}

impl Trace for Refusal {
    fn trace<R: Debug + Display + Send + Sync + 'static>(self, _: R) -> Self {
        self
    }
}

impl Source for Refusal {
    /// The library's error for text has no name outside it, but words.
    #[cold]
    fn new<T: Error + Send + Sync + 'static>(source: T) -> Self {
        Self(if source.to_string().contains("UTF-8") { Status::InvalidText } else { Status::Malformed })
    }
}
