//! What is laid out is read, taken over, and freed as it was.

use weft_guest::schemas::{EDGES, Log, Mesh, Players, Task, WILD};

use crate::lowered::{List, Lowered, Room};
use crate::{Carried, Wire};

/// The lists and strings of a record are the plain value's own, so that reading is all that can be done with it here.
fn reads_as_it_is<M: Carried>(size: u32) {
    for seed in [1, WILD | 1, EDGES] {
        for index in 0..7 {
            let message = M::generate(seed, index, size);
            let room = <Wire<M> as weft_guest::Encode>::capacity(std::slice::from_ref(&message));
            let mut outbox = vec![0_u64; room / 8 + 1];
            // SAFETY: any bytes are bytes.
            let (_, bytes, _) = unsafe { outbox.align_to_mut::<u8>() };
            let list: List<M::Record> = Room::of(&mut bytes[..room]).list(message.values()).expect("room");
            // SAFETY: the message is there.
            let records = unsafe { list.elements() };
            // SAFETY: as above.
            let scanned = M::scan(records.iter().map(|record| unsafe { record.read() }));
            assert_eq!(scanned, message.digest(Task::Scan));
            let peeked = records.get(records.len() / 2).map(M::peek);
            assert_eq!(peeked, message.digest(Task::Peek).ok());
        }
    }
}

#[test]
fn messages_are_read_as_they_are() {
    reads_as_it_is::<Log>(3);
    reads_as_it_is::<Mesh>(10);
    reads_as_it_is::<Players>(3);
}

#[test]
fn a_room_too_small_is_a_status() {
    let message = <Players as weft_guest::schemas::Message>::generate(1, 0, 2);
    let capacity = <Wire<Players> as weft_guest::Encode>::capacity(std::slice::from_ref(&message));
    let mut outbox = vec![0; capacity];
    let mut room = Room::of(&mut outbox);
    room.list::<<Players as Carried>::Record>(message.values()).expect("what was promised is enough");
    let needed = capacity - room.left();
    for less in [1, needed / 2, needed] {
        let short = &mut outbox[..needed - less];
        assert!(
            Room::of(short).list::<<Players as Carried>::Record>(message.values()).is_err(),
            "{less} bytes less than {needed}"
        );
    }
}
