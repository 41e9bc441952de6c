//! Codecs that keep or break their promises: each that is broken is noticed.

use weft_guest::{Encode, Evolution, Validation};
use weft_schemas::{Log, Mesh, Message, Outcome, Ping, Status, Task, ping};

use crate::{Capacity, Tasks, breaks, encode_one, evolves, in_room, memory, round_trips, same_values, sets};

/// A ping as 16 bytes, `SKIPPED` bytes into an outbox that has `SPARE` bytes more than it needs.
struct Wire<const SKIPPED: usize, const SPARE: usize>(&'static mut [u8]);

impl<const SKIPPED: usize, const SPARE: usize> Encode for Wire<SKIPPED, SPARE> {
    type Message = Ping;

    fn capacity(_: &[Ping]) -> usize {
        16 + SPARE
    }

    fn start(outbox: &'static mut [u8], _: &[Ping]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    fn encode(&mut self, _: usize, ping: &Ping) -> Result<&[u8], Status> {
        let numbers = u64::from(ping.source) | u64::from(ping.kind) << 32 | u64::from(ping.flags) << 48;
        let wire = self.0.get_mut(SKIPPED..SKIPPED + 16).ok_or(Status::Capacity)?;
        wire[..8].copy_from_slice(&ping.sequence.to_le_bytes());
        wire[8..].copy_from_slice(&numbers.to_le_bytes());
        Ok(wire)
    }
}

const TASKS: Tasks<Ping> = Tasks { peek, scan, own };

fn peek(bytes: &[u8]) -> Outcome {
    let Ping { sequence, source, flags, .. } = own(bytes)?;
    Ok(ping::peek(sequence, source, flags))
}

fn scan(bytes: &[u8]) -> Outcome {
    Ok(ping::scan(&own(bytes)?))
}

fn own(bytes: &[u8]) -> Result<Ping, Status> {
    let (sequence, rest) = bytes.split_first_chunk().ok_or(Status::Malformed)?;
    let bits = u64::from_le_bytes(rest.try_into().map_err(|_| Status::Malformed)?);
    let (source, kind, flags) = (bits as u32, (bits >> 32) as u16, (bits >> 48) as u16);
    Ok(Ping { sequence: u64::from_le_bytes(*sequence), source, kind, flags })
}

#[test]
fn a_codec_that_keeps_its_promises_passes() {
    round_trips::<Wire<0, 0>>(&TASKS, Capacity::Exact);
    round_trips::<Wire<0, 5>>(&TASKS, Capacity::Bound);
    breaks::<Wire<0, 0>>(&TASKS, Validation::Lazily);
}

#[test]
#[should_panic(expected = "the codec asked for 17")]
fn more_capacity_than_exact_is_noticed() {
    round_trips::<Wire<0, 1>>(&TASKS, Capacity::Exact);
}

#[test]
#[should_panic(expected = "not at a multiple of 8")]
fn a_crooked_start_is_noticed() {
    round_trips::<Wire<4, 4>>(&TASKS, Capacity::Bound);
}

#[test]
#[should_panic(expected = "ping 0, 16 bytes, payload 16: peek")]
fn a_wrong_peek_is_noticed() {
    round_trips::<Wire<0, 0>>(&Tasks { peek: scan, ..TASKS }, Capacity::Exact);
}

#[test]
#[should_panic(expected = "ping 0, 16 bytes, payload 16: scan")]
fn a_wrong_scan_is_noticed() {
    round_trips::<Wire<0, 0>>(&Tasks { scan: peek, ..TASKS }, Capacity::Exact);
}

#[test]
#[should_panic(expected = "ping 0, 16 bytes, payload 16: own")]
fn a_wrong_value_is_noticed() {
    let own = |bytes: &[u8]| Ok(Ping { kind: 0, ..own(bytes)? });
    round_trips::<Wire<0, 0>>(&Tasks { own, ..TASKS }, Capacity::Exact);
}

#[test]
#[should_panic(expected = "own Err(Malformed), scan Ok")]
fn tasks_that_disagree_about_broken_bytes_are_noticed() {
    let scan = |bytes: &[u8]| scan(if bytes.len() < 16 { &[0; 16] } else { bytes });
    breaks::<Wire<0, 0>>(&Tasks { scan, ..TASKS }, Validation::Lazily);
}

/// A ping with a byte behind it.
fn longer(ping: &Ping) -> Vec<u8> {
    [&*encode_one::<Wire<0, 0>>(*ping), &[42]].concat()
}

#[test]
#[should_panic(expected = "peek reads a ping with an unknown field")]
fn an_unknown_field_that_is_skipped_although_the_traits_do_not_say_so_is_noticed() {
    let peek = |bytes: &[u8]| peek(&bytes[..16]);
    evolves(&Tasks { peek, ..TASKS }, Evolution::No, longer);
}

#[test]
#[should_panic(expected = "scan of a ping with an unknown field")]
fn an_unknown_field_that_is_refused_although_the_traits_say_it_is_skipped_is_noticed() {
    let peek = |bytes: &[u8]| peek(&bytes[..16]);
    evolves(&Tasks { peek, ..TASKS }, Evolution::Yes, longer);
}

#[test]
fn memory_is_aligned_at_both_ends() {
    for len in 0..40 {
        let memory = memory(len);
        assert!(memory.as_ptr().addr().is_multiple_of(8) && memory.len() == len.next_multiple_of(8), "{len} bytes");
    }
}

#[test]
fn lists_without_elements_are_tried_and_have_nothing_to_peek_at() {
    fn empty<M: Message>() {
        assert!(
            sets::<M>().flatten().any(|message| message.digest(Task::Peek) == Err(Status::Malformed)),
            "{}",
            M::NAME
        );
    }
    empty::<Log>();
    empty::<Mesh>();
}

/// A ping as the library alone would write it, with another sequence.
fn alone(ping: &Ping, room: &mut [u8], more: u64) -> Result<usize, Status> {
    let mut wire = Wire::<0, 0>(crate::memory(16));
    let ping = Ping { sequence: ping.sequence.wrapping_add(more), ..*ping };
    room[..16].copy_from_slice(wire.encode(0, &ping)?);
    Ok(16)
}

#[test]
fn a_library_that_encodes_the_same_values_passes() {
    let call = |ping: &Ping, room: &mut [u8]| alone(ping, room, 0);
    same_values::<Wire<0, 0>, _>(1, scan, |_, room| in_room(room, call));
}

#[test]
#[should_panic(expected = "left == right")]
fn a_library_that_encodes_other_values_is_noticed() {
    let call = |ping: &Ping, room: &mut [u8]| alone(ping, room, 1);
    same_values::<Wire<0, 0>, _>(1, scan, |_, room| in_room(room, call));
}
