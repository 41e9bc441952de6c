//! The honest guest that is attacked: the marks in its memory, and how they are counted.
//!
//! The honest guests of `modules/hostile/base` fill pages with words that nothing else has. They are counted in the memory of the whole process,
//! as the system shows it: whatever has become of the pair, and whether or not it can still be asked.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};

use anyhow::Context;

use super::hostile::Half;

/// A word that an honest guest keeps where nobody else has any business.
pub struct Mark {
    /// Whose it is.
    pub of: Half,
    /// The eight bytes.
    pub word: [u8; 8],
    /// What is full of it, in words.
    pub part: &'static str,
    /// So many pages of the system are full of it once a pair is joined.
    pub pages: usize,
    /// Whether it is there only where messages are answered.
    pub of_replies: bool,
}

/// The size of a page of the system that is looked at, in bytes. The marks fill whole ones of this size.
const PAGE: usize = 4096;

/// So much of the memory is read at once, in bytes.
const CHUNK: usize = 1 << 20;

/// All marks.
pub const MARKS: [Mark; 8] = [
    Mark::new(Half::Near, b"P:data:P", "the producer's static data", 16),
    Mark::new(Half::Near, b"P:stack:", "the producer's stack", 16),
    Mark::new(Half::Near, b"P:heap:P", "the producer's heap", 16),
    Mark::new(Half::Near, b"P:unsent", "what the producer has in its outbox and has not sent", 8),
    Mark::new(Half::Far, b"C:data:C", "the consumer's static data", 16),
    Mark::new(Half::Far, b"C:stack:", "the consumer's stack", 16),
    Mark::new(Half::Far, b"C:heap:C", "the consumer's heap", 16),
    Mark {
        of_replies: true,
        ..Mark::new(Half::Far, b"C:unsent", "what the consumer has in its outbox and has not sent", 8)
    },
];

/// What an honest guest returns in place of a digest where it sees that it was harmed.
const NOTICED: [(Half, [u8; 8], &str); 4] = [
    (Half::Near, *b"P:change", "the message was changed in the producer's outbox"),
    (Half::Far, *b"C:change", "the message that the consumer had checked reads differently"),
    (Half::Near, *b"P:record", "a record that is none has reached the producer"),
    (Half::Far, *b"C:record", "a record that is none has reached the consumer"),
];

impl Mark {
    const fn new(of: Half, word: &[u8; 8], part: &'static str, pages: usize) -> Self {
        Self { of, word: *word, part, pages, of_replies: false }
    }
}

/// How many pages of this process are full of each mark.
///
/// # Errors
/// Where the system does not show a process its memory, or has other pages than those that marks fill.
pub fn pages_of_marks() -> anyhow::Result<[usize; MARKS.len()]> {
    fits(rustix::param::page_size())?;
    let shown = "this system does not show a process its own memory, which attacks are judged by (they need Linux)";
    let maps = fs::read_to_string("/proc/self/maps").context(shown)?;
    let mut memory = File::open("/proc/self/mem").context(shown)?;
    let mut pages = File::open("/proc/self/pagemap").ok();
    let (mut chunk, mut counts) = (vec![0_u8; CHUNK], [0; MARKS.len()]);
    let own = chunk.as_ptr().addr();
    // What was just read lies in this process as well.
    let is_own = |address: usize| address + PAGE > own && address < own + CHUNK;
    for Mapping { start, end, private } in maps.lines().filter_map(writable) {
        for at in (start..end).step_by(CHUNK) {
            let Some(bytes) = chunk.get_mut(..CHUNK.min((end - at) as usize)) else { continue };
            // What was never written holds no mark, and is not read, which would take memory.
            if private && pages.as_mut().is_some_and(|pages| !is_there(pages, at, bytes.len() / PAGE)) {
                continue;
            }
            // Nor does what is gone by now, or cannot be read.
            if memory.seek(SeekFrom::Start(at)).and_then(|_| memory.read_exact(bytes)).is_err() {
                continue;
            }
            for (number, page) in bytes.chunks_exact(PAGE).enumerate() {
                if let Some(mark) = full_of(page).filter(|_| !is_own(at as usize + number * PAGE)) {
                    counts[mark] += 1;
                }
            }
        }
    }
    Ok(counts)
}

/// Whether marks can be counted on a system with pages of so many bytes.
fn fits(page: usize) -> anyhow::Result<()> {
    anyhow::ensure!(
        page == PAGE,
        "attacks are judged by whole pages of {PAGE} bytes, and those of this system have {page}; try them on Linux with such pages \
         (docs/ISOLATION.md)"
    );
    Ok(())
}

/// A range of addresses.
#[derive(Debug, PartialEq, Eq)]
struct Mapping {
    start: u64,
    end: u64,
    /// Whether it is no one else's, of this process or another.
    private: bool,
}

/// What a line of `/proc/self/maps` (proc_pid_maps(5)) says, where it can be read and written.
fn writable(line: &str) -> Option<Mapping> {
    let mut words = line.split_whitespace();
    let (range, rights) = (words.next()?, words.next()?);
    let (start, end) = range.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    let mapping = Mapping { start: number(start)?, end: number(end)?, private: rights.ends_with('p') };
    rights.starts_with("rw").then_some(mapping)
}

/// Whether any of so many pages from an address on is in memory or in swap (proc_pid_pagemap(5)); also where the system does not say.
fn is_there(pages: &mut File, address: u64, count: usize) -> bool {
    const THERE: u64 = 0b11 << 62;
    let mut entries = vec![0; 8 * count];
    let place = SeekFrom::Start(address / PAGE as u64 * 8);
    let read = pages.seek(place).and_then(|_| pages.read_exact(&mut entries));
    read.is_err() || entries.as_chunks().0.iter().any(|entry| u64::from_le_bytes(*entry) & THERE != 0)
}

/// The number of the mark that a page is full of.
fn full_of(page: &[u8]) -> Option<usize> {
    let words = page.as_chunks::<8>().0;
    let first = words.first()?;
    let mark = MARKS.iter().position(|mark| mark.word == *first)?;
    words.iter().all(|word| word == first).then_some(mark)
}

/// What of an honest guest's memory was written, as the numbers of pages say before its pair was joined and now.
pub fn written(of: Half, replies: bool, [before, now]: [&[usize; MARKS.len()]; 2]) -> Option<String> {
    let parts = MARKS.iter().zip(before.iter().zip(now)).filter(|(mark, (before, now))| {
        let there = now.saturating_sub(**before);
        mark.of == of && (replies || !mark.of_replies) && there < mark.pages
    });
    let parts: Vec<&str> = parts.map(|(mark, _)| mark.part).collect();
    (!parts.is_empty()).then(|| format!("written: {}", parts.join(", ")))
}

/// What a result says of harm that an honest guest has taken: it is a word of its memory, once or twice, or what it says where it notices.
pub fn told(of: Half, result: u64) -> Option<String> {
    const DIGEST: u64 = i64::MAX as u64;
    let is = |word: [u8; 8]| {
        let word = u64::from_le_bytes(word);
        result == word || result == word.wrapping_mul(2) & DIGEST
    };
    if let Some((.., what)) = NOTICED.iter().find(|(whose, word, _)| *whose == of && is(*word)) {
        return Some((*what).to_owned());
    }
    MARKS.iter().find(|mark| mark.of == of && is(mark.word)).map(|mark| format!("read: {}", mark.part))
}

#[cfg(test)]
mod tests {
    use super::{Half, MARKS, Mapping, NOTICED, PAGE, fits, pages_of_marks, told, writable, written};

    #[test]
    fn results_that_are_words_of_a_guest_were_read() {
        let word = u64::from_le_bytes(*b"C:heap:C");
        assert_eq!(told(Half::Far, word).as_deref(), Some("read: the consumer's heap"));
        assert_eq!(
            told(Half::Far, word.wrapping_mul(2) & i64::MAX as u64).as_deref(),
            Some("read: the consumer's heap")
        );
        assert_eq!((told(Half::Near, word), told(Half::Far, 7)), (None, None));
        let noticed = u64::from_le_bytes(NOTICED[0].1);
        assert!(told(Half::Near, noticed).is_some_and(|told| told.contains("outbox")));
    }

    #[test]
    fn pages_that_are_missing_were_written() {
        let before = [1; MARKS.len()];
        let mut now: [usize; MARKS.len()] = std::array::from_fn(|at| MARKS[at].pages + 1);
        assert_eq!(written(Half::Far, true, [&before, &now]), None);
        now[5] -= 1;
        let found = written(Half::Far, true, [&before, &now]);
        assert_eq!(found.as_deref(), Some("written: the consumer's stack"));
        assert_eq!(written(Half::Near, true, [&before, &now]), None);
        now[7] = 0;
        assert_eq!(written(Half::Far, false, [&before, &now]), found);
    }

    #[test]
    fn only_what_can_be_written_is_looked_at() {
        let mapping = Mapping { start: 0x7F00, end: 0x7FFF, private: true };
        assert_eq!(writable("7f00-7fff rw-p 00000000 00:00 0"), Some(mapping));
        assert!(writable("7f00-7fff rw-s 00000000 00:00 0").is_some_and(|mapping| !mapping.private));
        assert_eq!((writable("7f00-7fff r--p 0 0 0"), writable("")), (None, None));
    }

    #[test]
    fn larger_pages_are_refused() {
        assert!(fits(PAGE).is_ok());
        assert!(fits(16384).is_err_and(|error| error.to_string().contains("those of this system have 16384")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn marks_in_this_process_are_found() {
        let before = pages_of_marks().expect("Linux shows it");
        let full: Vec<[u8; 8]> = vec![*b"P:data:P"; 3 * 4096 / 8 + 512];
        let now = pages_of_marks().expect("Linux shows it");
        assert!(now[0] - before[0] == 3 || now[0] - before[0] == 4, "{}", full.len());
    }
}
