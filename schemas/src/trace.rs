//! What a digest takes, word by word: recorded under the feature `trace`, so that a wrong digest can be traced to the first word
//! that differs. Without the feature nothing here is compiled into anything.

#[cfg(feature = "trace")]
mod recording {
    use core::cell::{Cell, RefCell};

    thread_local! {
        /// A guest is built with the feature for nothing but its trace.
        static ON: Cell<bool> = const { Cell::new(cfg!(target_arch = "wasm32")) };
        static WORDS: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    }

    /// What `work` returns, and the words that the last digest took which it began.
    pub fn recorded<R>(work: impl FnOnce() -> R) -> (R, Vec<u64>) {
        WORDS.with_borrow_mut(Vec::clear);
        let before = ON.replace(true);
        let result = work();
        ON.set(before);
        (result, WORDS.take())
    }

    /// Hands the words of the last digest to `look`.
    pub fn last<R>(look: impl FnOnce(&[u64]) -> R) -> R {
        WORDS.with_borrow(|words| look(words))
    }

    #[inline(always)]
    pub(crate) fn begin() {
        if ON.get() {
            WORDS.with_borrow_mut(Vec::clear);
        }
    }

    #[inline(always)]
    pub(crate) fn take(word: impl FnOnce() -> u64) {
        if ON.get() {
            WORDS.with_borrow_mut(|words| words.push(word()));
        }
    }
}

#[cfg(not(feature = "trace"))]
mod recording {
    #[inline(always)]
    pub(crate) fn begin() {}

    #[inline(always)]
    pub(crate) fn take(_: impl FnOnce() -> u64) {}
}

pub(crate) use recording::{begin, take};
#[cfg(feature = "trace")]
pub use recording::{last, recorded};

#[cfg(all(test, feature = "trace"))]
mod tests {
    use super::recorded;
    use crate::Digest;

    #[test]
    fn the_words_are_those_that_make_the_digest() {
        for len in [0, 1, 7, 8, 9, 31, 32, 33, 64, 100, 1000] {
            let bytes: Vec<u8> = (0..len).map(|i| (i * 37) as u8).collect();
            let of = |bytes: &[u8]| {
                let mut digest = Digest::new();
                digest.bytes(bytes);
                digest.pair(1, 2);
                digest.finish()
            };
            let (digest, words) = recorded(|| of(&bytes));
            let mut again = Digest::new();
            words.iter().for_each(|word| again.word(*word));
            assert_eq!(again.finish(), digest, "{len} bytes");
            assert_eq!(of(&bytes), digest, "{len} bytes");
        }
        assert!(recorded(|| ()).1.is_empty());
    }
}
