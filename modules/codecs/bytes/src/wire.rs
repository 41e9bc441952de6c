//! Little-endian numbers in a slice, checked.

use weft_guest::schemas::Status;

/// The `N` bytes at `at`.
#[inline(always)]
pub fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], Status> {
    let end = at.checked_add(N).ok_or(Status::Malformed)?;
    bytes.get(at..end).and_then(|part| part.try_into().ok()).ok_or(Status::Malformed)
}

/// The 32-bit number at `at`.
#[inline(always)]
pub fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Status> {
    Ok(u32::from_le_bytes(array(bytes, at)?))
}

/// The 32-bit number at `at` as a length or an offset.
#[inline(always)]
pub fn usize_at(bytes: &[u8], at: usize) -> Result<usize, Status> {
    Ok(u32_at(bytes, at)? as usize)
}

/// Where to write next in an outbox.
pub struct Writer<'a> {
    out: &'a mut [u8],
    at: usize,
}

impl<'a> Writer<'a> {
    /// Begins at the outbox's start.
    #[inline(always)]
    pub const fn new(out: &'a mut [u8]) -> Self {
        Self { out, at: 0 }
    }

    /// How many bytes have been written.
    #[inline(always)]
    pub const fn len(&self) -> usize {
        self.at
    }

    /// Leaves room for `len` bytes, to be written with [`Self::set`], and returns where.
    #[inline(always)]
    pub fn skip(&mut self, len: usize) -> Result<usize, Status> {
        let start = self.at;
        self.at = start + len;
        if self.at <= self.out.len() { Ok(start) } else { Err(Status::Capacity) }
    }

    /// Writes bytes at a place that was skipped.
    #[inline(always)]
    pub fn set<const N: usize>(&mut self, at: usize, bytes: [u8; N]) -> Result<(), Status> {
        self.out.get_mut(at..at + N).ok_or(Status::Capacity)?.copy_from_slice(&bytes);
        Ok(())
    }

    /// Appends bytes of a fixed number.
    #[inline(always)]
    pub fn put<const N: usize>(&mut self, bytes: [u8; N]) -> Result<(), Status> {
        let at = self.skip(N)?;
        self.set(at, bytes)
    }

    /// Appends bytes.
    #[inline(always)]
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Status> {
        let at = self.skip(bytes.len())?;
        self.out.get_mut(at..self.at).ok_or(Status::Capacity)?.copy_from_slice(bytes);
        Ok(())
    }

    /// What has been written.
    #[inline(always)]
    pub fn finish(self) -> Result<&'a [u8], Status> {
        let Self { out, at } = self;
        out.get(..at).ok_or(Status::Capacity)
    }
}
