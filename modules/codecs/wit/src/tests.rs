//! What is laid out is read, taken over, and freed as it was.

use weft_guest::schemas::{EDGES, Log, Mesh, Message, Players, Task, WILD};

use crate::lowered::{List, Lowered, Room};
use crate::replier::Answering;
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

/// The records of an answer point at the strings of its value, which has to be there when they are read.
fn answers_as_it_must<M: Carried>(size: u32) {
    let messages: Vec<M> = [1, WILD | 1, EDGES].map(|seed| M::generate(seed, 1, size)).into();
    let room = <Wire<M> as weft_guest::Encode>::capacity(&messages);
    let outbox: &'static mut [u64] = Box::leak(vec![0; room / 8 + 1].into());
    // SAFETY: any bytes are bytes.
    let (_, bytes, _) = unsafe { outbox.align_to_mut::<u8>() };
    let mut answering = Answering::<M>::new(bytes).expect("it starts");
    for message in messages {
        let mut expected = message.clone();
        expected.answer();
        let answer = answering.answer(message).expect("an answer");
        let list: List<M::Record> = List::of(answer.as_ptr().cast(), answer.len());
        // SAFETY: the value of the answer is kept until it is freed.
        let scanned = unsafe { M::scan(list.elements().iter().map(|record| record.read())) };
        assert_eq!(scanned, expected.digest(Task::Reply));
        answering.free();
    }
}

#[test]
fn answers_are_read_as_they_are() {
    answers_as_it_must::<Log>(3);
    answers_as_it_must::<Mesh>(10);
    answers_as_it_must::<Players>(3);
}

#[test]
fn a_room_too_small_is_a_status() {
    let message = Players::generate(1, 0, 2);
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
