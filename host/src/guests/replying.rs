//! The guests of a codec for the task `reply`.

use weft_link::guest::{Guest, GuestName, Side};

use super::{File, GuestsError};
use crate::cell::Supported;

/// A requester and a replier, read but not compiled yet.
#[derive(Debug, Clone)]
pub struct Replying {
    /// The guest that asks.
    pub requester: Guest,
    /// The guest that answers.
    pub replier: Guest,
    /// The files of both, the requester's first.
    pub files: [File; 2],
}

impl Replying {
    /// Reads both guests from files in binary form.
    ///
    /// # Errors
    /// Where a file cannot be read, a module is invalid or breaks the ABI.
    pub fn read(name: &str, files: [Result<File, GuestsError>; 2]) -> Result<Self, GuestsError> {
        let [requester, replier] = files;
        let files = [requester?, replier?];
        let guest = |side, file: &File| {
            Ok::<_, GuestsError>(Guest::read(GuestName { codec: name.to_owned(), side }, &file.content()?)?)
        };
        let (requester, replier) = (guest(Side::Requester, &files[0])?, guest(Side::Replier, &files[1])?);
        Ok(Self { requester, replier, files })
    }

    /// The ordinary guests of a codec, where they ask and answer as well; none where they do not.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_ordinary(name: &str, guests: [&Guest; 2], files: &[File; 2]) -> Result<Option<Self>, GuestsError> {
        let [producer, consumer] = guests;
        let asks = producer.exports().any(|export| export.starts_with("request_"));
        let answers = consumer.exports().any(|export| export.starts_with("receive_") && export.ends_with("_reply"));
        (asks && answers).then(|| Self::read(name, files.clone().map(Ok))).transpose()
    }

    /// Whether both guests have the exports that a message needs; otherwise which is missing.
    ///
    /// # Errors
    /// The reason.
    pub fn supports(&self, message: &str) -> Supported {
        let needed = [
            (&self.requester, self.requester.prepares(message)),
            (&self.requester, format!("request_{message}")),
            (&self.replier, format!("receive_{message}_reply")),
        ];
        match needed.iter().find(|(guest, export)| !guest.has(export)) {
            None => Ok(()),
            Some((guest, export)) => Err(format!("its {} does not export {export}", guest.name.side)),
        }
    }
}
