//! The guests of a codec for the task `reply`.

use weft_link::guest::{Guest, GuestName, Side, Traits};

use super::{File, GuestsError};

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
    /// Reads both guests of a codec with these traits from files in binary form.
    ///
    /// # Errors
    /// Where a file cannot be read, a module is invalid or breaks the ABI, or its messages are not of the kind that the traits say.
    pub fn read(name: &str, traits: &Traits, files: [File; 2]) -> Result<Self, GuestsError> {
        let guest = |side, file: &File| {
            let guest = Guest::read(GuestName { codec: name.to_owned(), side }, &file.content()?)?;
            guest.traits()?;
            guest.check_typed(traits)?;
            Ok::<_, GuestsError>(guest)
        };
        let (requester, replier) = (guest(Side::Requester, &files[0])?, guest(Side::Replier, &files[1])?);
        Ok(Self { requester, replier, files })
    }

    /// The ordinary guests of a codec, where they ask and answer as well; none where they do not.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_ordinary(
        name: &str,
        traits: &Traits,
        guests: [&Guest; 2],
        files: &[File; 2],
    ) -> Result<Option<Self>, GuestsError> {
        let [producer, consumer] = guests;
        (asks(producer) && answers(consumer)).then(|| Self::read(name, traits, files.clone())).transpose()
    }
}

/// Whether a producer has an export of a requester, of whatever message.
pub fn asks(producer: &Guest) -> bool {
    producer.exports().any(|export| export.starts_with("request_"))
}

/// Whether a consumer has an export of a replier, of whatever message.
pub fn answers(consumer: &Guest) -> bool {
    consumer.exports().any(|export| export.starts_with("receive_") && export.ends_with("_reply"))
}
