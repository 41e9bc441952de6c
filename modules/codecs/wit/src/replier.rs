//! The replier: it takes the records of a message over, and lays those of its answer out in its outbox.

use weft_guest::Encode;
use weft_guest::schemas::Status;

use crate::{Carried, Wire};

/// What answers messages of a kind.
pub struct Answering<M> {
    wire: Wire<M>,
    /// The value of the answer that an adapter is to copy, or copies: the records point at its strings.
    answered: Option<M>,
}

impl<M: Carried> Answering<M> {
    /// One that lays its answers out here.
    pub fn new(outbox: &'static mut [u8]) -> Result<Self, Status> {
        Ok(Self { wire: Wire::start(outbox, &[])?, answered: None })
    }

    /// The answer to a value, which is kept until the answer has been copied.
    #[inline(always)]
    pub fn answer(&mut self, mut value: M) -> Result<&[u8], Status> {
        value.answer();
        let value = self.answered.insert(value);
        self.wire.encode(0, value).map_err(|_| Status::NotAnswered)
    }

    /// Frees what the answer points at.
    #[inline(always)]
    pub fn free(&mut self) {
        self.answered = None;
    }
}

#[cfg(target_arch = "wasm32")]
mod exports {
    use weft_guest::replier::Replier;
    use weft_guest::schemas::{Log, Mesh, Players};

    use super::Answering;
    use crate::Carried;
    use crate::lowered::{List, Lowered};

    /// Answers a message.
    #[inline(always)]
    fn receive<M: Carried>(replier: &Replier<Answering<M>>, ptr: usize, len: usize) -> i64 {
        replier.receive_list::<M::Record>(ptr, len, Answering::new, |answering, records| {
            // SAFETY: an adapter has checked the records and allocated what they point at, a piece for each.
            answering.answer(M::of(unsafe { List::of(records, len).take() }))
        })
    }

    macro_rules! exports {
        ($($message:literal: $type:ty),+ $(,)?) => {
            $(const _: () = {
                static REPLIER: Replier<Answering<$type>> = Replier::new();

                #[unsafe(export_name = concat!("receive_", $message, "_reply"))]
                extern "C" fn reply(ptr: usize, len: usize) -> i64 {
                    receive::<$type>(&REPLIER, ptr, len)
                }

                #[unsafe(export_name = concat!("drop_", $message))]
                extern "C" fn drop(_: usize, _: usize) {
                    REPLIER.answered(Answering::free);
                }
            };)+
        };
    }

    exports! { "log": Log, "mesh": Mesh, "player": Players }
}
