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
        copy(bytes, self.out.get_mut(at..self.at).ok_or(Status::Capacity)?);
        Ok(())
    }

    /// What has been written.
    #[inline(always)]
    pub fn finish(self) -> Result<&'a [u8], Status> {
        let Self { out, at } = self;
        out.get(..at).ok_or(Status::Capacity)
    }
}

/// Copies a string of the same length as its place. Most are short, and `memory.copy` is a call out of
/// wasm, so up to 32 bytes go as words from both ends that overlap in the middle.
#[inline(always)]
fn copy(from: &[u8], to: &mut [u8]) {
    match from.len() {
        0 => {}
        1..=3 => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
        4..=7 => ends::<4>(from, to),
        8..=16 => ends::<8>(from, to),
        17..=32 => {
            ends::<16>(from, to);
        }
        _ => to.copy_from_slice(from),
    }
}

/// Copies the first and the last `N` bytes.
#[inline(always)]
fn ends<const N: usize>(from: &[u8], to: &mut [u8]) {
    if let (Some(head), Some(place)) = (from.first_chunk::<N>(), to.first_chunk_mut()) {
        *place = *head;
    }
    if let (Some(tail), Some(place)) = (from.last_chunk::<N>(), to.last_chunk_mut()) {
        *place = *tail;
    }
}

#[cfg(test)]
mod tests {
    use super::copy;

    #[test]
    fn copies_every_length() {
        let from: Vec<u8> = (1..=100).collect();
        for len in 0..=100 {
            let mut to = vec![0; len];
            copy(&from[..len], &mut to);
            assert_eq!(to, from[..len], "{len} bytes");
        }
    }
}
