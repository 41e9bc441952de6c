//! One `memfd`, mapped over two regions: what the producer writes into its outbox lies in the inbox. For `window` and
//! `pane`.

use crate::guest::{GuestError, Region};

/// Whether the system can map a window; otherwise why not.
pub(super) fn supported(transport: &str) -> Result<(), String> {
    if cfg!(target_os = "linux") {
        Ok(())
    } else {
        Err(format!("{transport} maps a memfd over both regions, which only Linux has"))
    }
}

/// The part of an inbox that an outbox's window covers: the inbox is larger, and its end stays private.
pub(super) const fn covered(outbox: Region, inbox: Region) -> Region {
    Region { start: inbox.start, capacity: outbox.capacity }
}

/// A window with the content of a region.
pub(super) struct Window(system::Pages);

impl Window {
    /// Makes a window that holds what a region of a memory holds.
    pub fn of(memory: &[u8], region: Region) -> Result<Self, GuestError> {
        // The region was checked against this memory.
        let bytes = &memory[region.start as usize..][..region.capacity as usize];
        system::Pages::filled(bytes).map(Self).map_err(|error| GuestError::Window { reason: error.to_string() })
    }

    /// Maps it over a region of a memory.
    pub fn cover(&self, memory: &mut [u8], region: Region) -> Result<(), GuestError> {
        // The region was checked against this memory; slicing checks again.
        let part = &mut memory[region.start as usize..][..region.capacity as usize];
        self.0.over(part).map_err(|error| GuestError::Window { reason: error.to_string() })
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::io;

    pub struct Pages;

    impl Pages {
        pub fn filled(_: &[u8]) -> io::Result<Self> {
            Err(io::Error::other("only Linux has memfd"))
        }

        pub fn over(&self, _: &mut [u8]) -> io::Result<()> {
            Err(io::Error::other("only Linux has memfd"))
        }
    }
}

#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "mapping pages over a guest's memory")]
mod system {
    use std::fs::File;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::FileExt;

    use rustix::fs::{MemfdFlags, ftruncate, memfd_create};
    use rustix::mm::{MapFlags, ProtFlags, mmap};

    pub struct Pages(OwnedFd);

    impl Pages {
        pub fn filled(bytes: &[u8]) -> io::Result<Self> {
            let window = memfd_create("weft-window", MemfdFlags::CLOEXEC)?;
            ftruncate(&window, bytes.len() as u64)?;
            let file = File::from(window);
            file.write_all_at(bytes, 0)?;
            Ok(Self(file.into()))
        }

        pub fn over(&self, part: &mut [u8]) -> io::Result<()> {
            let (address, len) = (part.as_mut_ptr(), part.len());
            if !(address as usize).is_multiple_of(rustix::param::page_size()) {
                return Err(io::Error::other("the region does not start on a page of the host"));
            }
            let (protection, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED | MapFlags::FIXED);
            // SAFETY: The range is part of one linear memory, which wasmtime has mapped privately and
            // keeps in place (`memory_may_move(false)`), so the mapping replaces pages that nobody
            // else owns; wasmtime unmaps its whole reservation, these pages included, when the store is
            // dropped. The protection is the one that the memory has there: guests must never meet a
            // page that traps, because their bulk operations run in host functions. No Rust reference
            // into the range is alive while a guest runs: the bytes are only looked at between calls.
            let mapped = unsafe { mmap(address.cast(), len, protection, flags, &self.0, 0) }?;
            debug_assert_eq!(mapped.cast(), address);
            Ok(())
        }
    }
}
