//! Memory that starts at a multiple of 8.

use weft_guest_capnp::WORD;

/// A buffer of words, zeroed at first. It grows and never shrinks.
pub struct Words(Vec<u8>);

impl Words {
    /// No words.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many words there are.
    #[inline(always)]
    pub const fn len(&self) -> usize {
        // The first may begin up to seven bytes behind the memory's start.
        self.0.len().saturating_sub(WORD - 1) / WORD
    }

    /// Makes it `words` words long, if it is shorter.
    pub fn grow(&mut self, words: usize) {
        let len = WORD * words + WORD - 1;
        if len > self.0.len() {
            self.0.resize(len, 0);
        }
    }

    /// The words' bytes.
    #[inline(always)]
    pub fn bytes(&mut self) -> &mut [u8] {
        let len = WORD * self.len();
        let start = self.0.as_ptr().align_offset(WORD);
        self.0.get_mut(start..start + len).unwrap_or_default()
    }
}
