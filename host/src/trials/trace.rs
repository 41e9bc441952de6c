//! A consumer that was built to record what its digests take: only where a digest is wrong, and only of codecs of the workspace.

use std::sync::OnceLock;

use weft_link::PairSpec;
use weft_link::guest::{Compiled, Guest};

use super::joined::Joined;
use crate::guests::{Codec, traced};

/// The recording consumer of a codec, built when a digest is wrong.
#[derive(Default)]
pub struct Tracer(OnceLock<Option<Guest>>);

impl Tracer {
    /// With a consumer that is there already.
    pub fn with(consumer: Guest) -> Self {
        Self(OnceLock::from(Some(consumer)))
    }

    /// The words that the digest of message `index` takes; none where the codec is no crate of this workspace, or fails before that.
    pub fn words(&self, codec: &Codec, spec: &PairSpec<'_>, index: u32) -> Option<Vec<u64>> {
        let consumer = self.0.get_or_init(|| traced(codec)).as_ref()?;
        let module = consumer.compile(spec.engine).ok()?;
        let guests = Compiled { producer: spec.guests.producer.clone(), consumer: (consumer.clone(), module) };
        let mut joined = Joined::new(&PairSpec { guests: &guests, ..*spec }).ok()?;
        joined.produce(index, 1).ok()?;
        joined.trace()
    }
}
