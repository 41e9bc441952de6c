//! `adapter`: one store, two memories, and a small module between the guests that sees both
//! (multi-memory). One copy, no host on the way.

use super::shim::Shim;
use super::{Isolation, Transport};
use crate::guest::{GuestError, Region};
use crate::pair::{Pair, PairSpec};

pub(super) struct Adapter;

const SHIM: Shim = Shim {
    name: "adapter",
    text: include_str!("adapter.wat"),
    memories: true,
    inset: Region::INSET,
    copies: 1,
    settle: |_, _| Ok(None),
};

impl Transport for Adapter {
    fn name(&self) -> &'static str {
        "adapter"
    }

    fn isolation(&self) -> Isolation {
        Isolation::Full
    }

    fn about(&self) -> &'static str {
        "one store; a small module between the guests imports both memories and copies once (multi-memory)"
    }

    fn replies(&self) -> Result<(), String> {
        Ok(())
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        match spec.replies() {
            true => SHIM.join_reply(spec, include_str!("adapter_reply.wat")),
            false => SHIM.join(spec),
        }
    }
}
