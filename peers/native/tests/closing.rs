//! A pair that is dropped leaves nothing: neither its libraries nor what its guests allocated.
//!
//! This is the only test of its process, so that nobody else maps and allocates meanwhile.
#![cfg(target_os = "linux")]

mod support;

use std::fs;

use weft_native::Pair;
use weft_schemas::Task;

use support::{Guests, VARIANTS};

/// How often a pair is made: often enough that what each one left would be far beyond the margin.
const PAIRS: u64 = 40;

/// What the process may have more at the end, in bytes. Each pair takes more than that.
const MARGIN: u64 = 16 << 20;

/// The process's resident memory, in bytes.
fn resident() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").expect("Linux");
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).expect("a number of pages") * 4096
}

/// How many guests' libraries are mapped.
fn mapped() -> usize {
    let maps = fs::read_to_string("/proc/self/maps").expect("Linux");
    maps.lines().filter(|line| line.contains(".guest-") && line.contains("r-xp")).count()
}

#[test]
fn a_pair_that_is_dropped_leaves_nothing() {
    for features in VARIANTS {
        let guests = Guests::build("fixtures/spare", features);
        let use_one = || {
            let mut pair = Pair::join(&guests.spec("blob@1048576", Task::Own, 16)).expect("a pair");
            pair.produce(0, 16).expect("it sends");
            (resident(), mapped())
        };
        let before = resident();
        let (during, libraries) = use_one();
        assert_eq!((libraries, mapped()), (2, 0), "{features:?}");
        assert!(during > before + MARGIN, "{features:?}: a pair takes {} bytes", during - before);
        for _ in 0..PAIRS {
            use_one();
        }
        let grown = resident().saturating_sub(before);
        assert!(grown < MARGIN, "{features:?}: {PAIRS} pairs left {grown} bytes");
    }
}
