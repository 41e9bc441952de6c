//! Watermarks: messages whose payload can be found again in any memory.
//!
//! Under the seed [`WATERMARKED`] the payload consists of words of eight bytes: a `W`, three digits for the
//! message's number, four for the word's. All are letters and digits, so that a word is valid text, a
//! finite pair of `f32`, and what formats with escapes leave as it is. (What a type cannot carry in words,
//! such as enumerations, is constant.)

/// The seed under which messages are watermarked.
pub const WATERMARKED: u64 = 0x5741_5445_524D_4B53;

/// The digits of base 62.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Makes the words of one message.
#[derive(Clone, Copy, Debug)]
pub struct Watermark {
    message: u32,
    words: u32,
}

impl Watermark {
    /// The words of message number `message`.
    pub const fn new(message: u32) -> Self {
        Self { message, words: 0 }
    }

    /// How many words were made.
    pub const fn words(self) -> u32 {
        self.words
    }

    /// The next word.
    pub fn word(&mut self) -> [u8; 8] {
        let [a, b, c, d] = Self::prefix(self.message);
        let [e, f, g, h] = digits(self.words);
        self.words += 1;
        [a, b, c, d, e, f, g, h]
    }

    /// A text of the next `words` words.
    pub fn text(&mut self, words: usize) -> String {
        (0..words).flat_map(|_| self.word()).map(char::from).collect()
    }

    /// What all words of a message begin with.
    pub const fn prefix(message: u32) -> [u8; 4] {
        let [_, b, c, d] = digits(message);
        [b'W', b, c, d]
    }

    /// Which word of its message ends so; none where no word does.
    pub fn number(end: [u8; 4]) -> Option<u32> {
        end.into_iter().try_fold(0, |number, digit| {
            let value = DIGITS.iter().position(|other| *other == digit)?;
            Some(number * 62 + value as u32)
        })
    }
}

/// A number's last four digits.
const fn digits(number: u32) -> [u8; 4] {
    const fn digit(number: u32) -> u8 {
        DIGITS[(number % 62) as usize]
    }
    [digit(number / (62 * 62 * 62)), digit(number / (62 * 62)), digit(number / 62), digit(number)]
}

#[cfg(test)]
mod tests {
    use super::{WATERMARKED, Watermark};
    use crate::{KINDS, Mesh, Message};

    #[test]
    fn words_name_their_message_and_their_place() {
        let mut mark = Watermark::new(63);
        assert_eq!(mark.text(2), "W0110000W0110001");
        assert_eq!(Watermark::prefix(63), *b"W011");
        assert_eq!(Watermark::number(*b"0010"), Some(62));
        assert_eq!(Watermark::number(*b"00-0"), None);
    }

    #[test]
    fn every_kind_has_words_and_generates_them() {
        for kind in KINDS {
            let words = (kind.watermarks)(3, kind.sizes.0.max(8).min(kind.sizes.1));
            assert!(words > 0, "{} has no watermark", kind.name);
        }
        let mesh = Mesh::generate(WATERMARKED, 5, 2);
        assert_eq!(mesh.triangles[1].v0.x.to_le_bytes(), *b"W005");
        assert_eq!(mesh.triangles[1].v0.y.to_le_bytes(), *b"0004");
    }
}
