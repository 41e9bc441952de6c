//! `weft show`: the value, the digest that the host expects, and names of what is in it.

use crate::support::command::weft;
use weft::cell::SEED;
use weft_schemas::{EDGES, KINDS, Task};

#[test]
fn a_value_its_words_and_its_digest() {
    for kind in KINDS {
        let size = 3.clamp(kind.sizes.0, kind.sizes.1);
        for task in Task::ALL {
            let name = format!("{}@{size}", kind.name);
            let digest = (kind.digest)(SEED, 2, size, task).expect("a digest");
            let shown = weft(None, &["show", &name, "--message", "2", "--task", task.name()]);
            shown.expect(0, &[&format!("{name}, message 2, seed 0x"), &format!("digest {digest:#018x}")]);
        }
    }
    let shown = weft(None, &["show", "log@1", "--message", "3"]);
    shown.expect(0, &["content_type: \"", "    2  0x", "records[0].zone_id, records[0].origin.port", "(its length)"]);
}

#[test]
fn what_is_long_is_cut_and_what_has_no_digest_says_so() {
    weft(None, &["show", "log@100"]).expect(0, &["more lines of the value: --all prints them", "more words: --all"]);
    weft(None, &["show", "mesh@100000"]).expect(
        0,
        &[
            "… and at least 999900 more lines of the value",
            "the digest of scan takes (no field is named: this message has 4800000 bytes of payload; try one of 1048576 at most)",
            "… and 599901 more words: --all",
        ],
    );
    weft(None, &["show", "log@10", "--seed", "edges", "--task", "peek"])
        .expect(0, &["records: [],", "no digest: status -1"]);
    weft(None, &["show", "log@10", "--seed", &format!("{EDGES:#x}")])
        .expect(0, &["records: [],", "records (how many)"]);
    weft(None, &["show", "log@10", "--seed", "x"]).expect(2, &["is no seed", "0x5745"]);
    weft(None, &["show", "mesh@3", "--seed", "edges", "--message", "4294967295"]).expect(2, &["0..=1048576"]);
    weft(None, &["show", "dog@1"]).expect(2, &["there is no message `dog`"]);
}
