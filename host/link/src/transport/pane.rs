//! `pane`: one store, and outbox and inbox are the same pages. A small module between the guests checks the range and
//! translates the address; nothing is copied, and no host is on the way.

use super::mapping::{self, Window, covered};
use super::shim::Shim;
use super::{Isolation, Transport};
use crate::guest::GuestError;
use crate::pair::{Pair, PairSpec};

pub(super) struct Pane;

const SHIM: Shim = Shim {
    name: "pane",
    text: include_str!("pane.wat"),
    memories: false,
    inset: 0,
    copies: 0,
    settle: |store, [(near, outbox), (far, inbox)]| {
        let window = Window::of(near.data(&*store), outbox)?;
        let inbox = covered(outbox, inbox);
        window.cover(near.data_mut(&mut *store), outbox)?;
        window.cover(far.data_mut(store), inbox)?;
        Ok(Some(inbox))
    },
};

impl Transport for Pane {
    fn name(&self) -> &'static str {
        "pane"
    }

    fn isolation(&self) -> Isolation {
        Isolation::Window
    }

    fn about(&self) -> &'static str {
        "one store; outbox and inbox are the same pages of memory (Linux); a small module passes the call on"
    }

    fn supported(&self) -> Result<(), String> {
        mapping::supported(self.name())
    }

    fn replies(&self) -> Result<(), String> {
        Ok(())
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        match spec.replies() {
            true => SHIM.join_reply(spec, include_str!("pane_reply.wat")),
            false => SHIM.join(spec),
        }
    }
}
