//! Bytes of a host's own, as far into a page as one says.

use std::ops::{Deref, DerefMut};

/// How far into their page its bytes begin decides what a copy to or from them takes: as for
/// [`Region::INSET`](crate::guest::Region::INSET).
pub struct Inset {
    bytes: Vec<u8>,
    start: usize,
    len: usize,
}

impl Inset {
    const PAGE: usize = 4096;

    /// Where neither outbox nor inbox put a message.
    pub const BETWEEN: usize = 3776;

    /// So many zeros that begin `inset` bytes into a page, wherever the allocator puts them.
    pub fn zeroed(len: usize, inset: usize) -> Self {
        let inset = inset % Self::PAGE;
        let bytes = vec![0; len + 2 * Self::PAGE];
        let page = bytes.as_ptr().addr().wrapping_neg() % Self::PAGE;
        Self { bytes, start: page + inset, len }
    }
}

impl Deref for Inset {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[self.start..][..self.len]
    }
}

impl DerefMut for Inset {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..][..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::Inset;

    #[test]
    fn bytes_begin_as_far_into_a_page_wherever_they_are() {
        for len in [0, 1, 65536, 1 << 20] {
            for inset in [0, Inset::BETWEEN] {
                let mut bytes = Inset::zeroed(len, inset);
                assert_eq!((bytes.len(), bytes.as_ptr().addr() % Inset::PAGE), (len, inset));
                bytes.fill(1);
            }
        }
    }
}
