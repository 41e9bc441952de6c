//! `window`: outbox and inbox are the same pages. One `memfd` is mapped over both regions, once; what
//! the producer writes there, the consumer reads. No copy, and nothing else is shared.

use super::{Isolation, Pair, PairSpec, Transport};
use crate::guest::GuestError;

pub(super) struct Window;

impl Transport for Window {
    fn name(&self) -> &'static str {
        "window"
    }

    fn isolation(&self) -> Isolation {
        Isolation::Window
    }

    fn about(&self) -> &'static str {
        "two stores; outbox and inbox are the same pages of memory (Linux); a host function passes the call on"
    }

    fn supported(&self) -> Result<(), String> {
        if cfg!(target_os = "linux") {
            Ok(())
        } else {
            Err("window maps a memfd over both regions, which only Linux has".to_owned())
        }
    }

    #[cfg(target_os = "linux")]
    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        use super::stores;
        stores::join(spec, linux::Shared::default(), linux::map, |caller, _, sent| {
            let link = caller.data_mut();
            link.counters.through_host();
            link.far.receive(sent.offset, sent.len)
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn join(&self, _: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        Err(GuestError::Window { reason: self.supported().err().unwrap_or_default() })
    }
}

#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "mapping pages over a guest's memory")]
mod linux {
    use std::fs::File;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::FileExt;

    use rustix::fs::{MemfdFlags, ftruncate, memfd_create};
    use rustix::mm::{MapFlags, ProtFlags, mmap};
    use wasmtime::{Memory, Store};

    use crate::guest::{GuestError, Region};
    use crate::transport::stores::{Link, State};

    /// The part of the inbox over which the window is mapped; nowhere until then.
    #[derive(Default)]
    pub struct Shared(Option<Region>);

    impl State for Shared {
        fn shared(&self) -> Option<Region> {
            self.0
        }
    }

    /// Maps one memfd over the outbox and the inbox. What the producer has in its outbox stays there.
    pub fn map(store: &mut Store<Link<Shared>>, memory: Memory) -> Result<(), GuestError> {
        let failed = |error: io::Error| GuestError::Window { reason: error.to_string() };
        let outbox = store.data().outbox;
        let bytes = &memory.data(&*store)[outbox.start as usize..][..outbox.capacity as usize];
        let window = filled(bytes).map_err(failed)?;
        over(&window, memory.data_mut(&mut *store), outbox).map_err(failed)?;
        let Link { far, state, .. } = store.data_mut();
        // The inbox is larger than the outbox; its end stays private.
        let inbox = Region { start: far.inbox.start, capacity: outbox.capacity };
        *state = Shared(Some(inbox));
        over(&window, far.consumer.memory.data_mut(&mut far.store), inbox).map_err(failed)
    }

    fn filled(bytes: &[u8]) -> io::Result<OwnedFd> {
        let window = memfd_create("weft-window", MemfdFlags::CLOEXEC)?;
        ftruncate(&window, bytes.len() as u64)?;
        let file = File::from(window);
        file.write_all_at(bytes, 0)?;
        Ok(file.into())
    }

    fn over(window: &OwnedFd, memory: &mut [u8], region: Region) -> io::Result<()> {
        // The region was checked against this memory; slicing checks again.
        let part = &mut memory[region.start as usize..][..region.capacity as usize];
        let (address, len) = (part.as_mut_ptr(), part.len());
        if !(address as usize).is_multiple_of(rustix::param::page_size()) {
            return Err(io::Error::other("the region does not start on a page of the host"));
        }
        // SAFETY: The range is part of one linear memory, which wasmtime has mapped privately and
        // keeps in place (`memory_may_move(false)`), so the mapping replaces pages that nobody
        // else owns; wasmtime unmaps its whole reservation, these pages included, when the store is
        // dropped. The protection is the one that the memory has there: guests must never meet a
        // page that traps, because their bulk operations run in host functions. No Rust reference
        // into the range is alive while a guest runs: this transport never looks at the bytes.
        let mapped = unsafe {
            mmap(address.cast(), len, ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED | MapFlags::FIXED, window, 0)
        }?;
        debug_assert_eq!(mapped.cast(), address);
        Ok(())
    }
}
