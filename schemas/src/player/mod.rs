//! `player@N`: the saved state of N players of a game (the *minecraft_savedata* data set of rust_serialization_benchmark): 28 fields
//! each, many of them options, with nested items, creatures and lists of strings.
//!
//! Fields, types and distributions are those of the data set: numbers are uniform over their type, floats over 0 to 1, half of the options
//! are there, an inventory has 0 to 39 items, and so on. What differs: player `i` of a seed is made from `i` alone, so that messages of any
//! size agree; and strings may be borrowed, lists read where they lie, so that a codec needs no second set of types.

mod generate;
mod parts;
mod types;

use core::ops::RangeInclusive;

pub use types::{Abilities, Entity, GameType, Item, Player, RecipeBook};

use crate::derives::{message_part, message_type};
use crate::edges;
use crate::shape::{self, Element, ListMessage, Peeked};
use crate::{Digest, Message, Outcome, Sequence, Status, Task, Text, Tried, Watermark};

message_type! {
    /// A list of players.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Players {
        /// The players.
        pub players: Vec<Player>,
    }
}

impl Message for Players {
    const NAME: &'static str = "player";
    const SIZES: RangeInclusive<u32> = 1..=1 << 16;
    const MEASURED: &'static [u32] = &[1, 100];
    const TRIED: Tried = Tried { whole: &[1, 3, 20], broken: &[1] };
    type Shape = shape::List;

    fn random(seed: u64, index: u32, size: u32) -> Self {
        let first = u64::from(index) * u64::from(size);
        Self { players: (first..first + u64::from(size)).map(|player| generate::player(seed, player)).collect() }
    }

    fn watermarked(mark: &mut Watermark, size: u32) -> Self {
        Self { players: (0..size).map(|player| generate::watermarked(mark, player)).collect() }
    }

    fn edge(index: u32, size: u32) -> Self {
        let count = edges::length(index, size);
        Self { players: (0..count).map(|player| generate::edge(index + player, count == 1)).collect() }
    }

    /// No player, the smallest ones, and one with everything at its longest. Limits on a list's length are narrowest with the smallest.
    fn edges() -> Vec<Self> {
        let smallest = [0, 1, 2, 1000].map(|count| vec![generate::edge(0, true); count]);
        let largest = [true, false].map(|alone| vec![generate::edge(1, alone)]);
        smallest.into_iter().chain(largest).map(|players| Self { players }).collect()
    }

    fn payload_bytes(&self) -> u64 {
        self.players.iter().map(generate::payload_bytes).sum()
    }

    fn rebuilt(&self) -> Result<Self, Status> {
        let players = self.players.iter().map(|player| player.borrowed().owned());
        Ok(Self { players: players.collect::<Result<_, _>>()? })
    }

    /// Of each player: a score that is one higher, and the credits seen or not seen, whichever it was not.
    #[inline(always)]
    fn answer(&mut self) {
        for Player { score, seen_credits, .. } in &mut self.players {
            *score = score.wrapping_add(1);
            *seen_credits = !*seen_credits;
        }
    }

    fn digest(&self, task: Task) -> Outcome {
        match task {
            Task::Peek => {
                let middle = self.players.get(self.players.len() / 2).ok_or(Status::Malformed)?;
                Ok(peek(middle.score, middle.selected_item.id.as_bytes(), middle.seen_credits))
            }
            Task::Scan | Task::Own | Task::Reply => scan(self.players.iter().map(|player| Ok(player.borrowed()))),
        }
    }
}

impl ListMessage for Players {
    const FIELD: &'static str = "players";
    type Owned = Player;
    type Element<S: Text> = Player<S>;
    type Part<S: Text> = Part<S>;

    #[inline(always)]
    fn of(players: Vec<Player>) -> Self {
        Self { players }
    }
}

impl<S: Text> Peeked for Player<S> {
    #[inline(always)]
    fn peek(&self) -> u64 {
        peek(self.score, self.selected_item.id.bytes(), self.seen_credits)
    }
}

impl<S: Text> Element for Player<S> {
    type Owned = Player;
    /// A byte for each of the 25 fields that are no structs, and for each field of the three that are: 3, 7 and 10. Five of them are
    /// floats, which take three bytes more.
    const SMALLEST: u64 = 25 + 3 + 7 + 10 + 5 * 3;

    #[inline(always)]
    fn scan(elements: impl Iterator<Item = Result<Self, Status>>) -> Outcome {
        scan(elements)
    }

    #[inline(always)]
    fn owned(self) -> Result<Player, Status> {
        self.owned()
    }
}

message_part! {
    /// As much of a player as a peek reads.
    pub struct Part<S> { score: i64, selected_item: ItemPart<S>, seen_credits: bool }
}

message_part! {
    /// As much of an item as a peek reads.
    pub struct ItemPart<S> { id: S }
}

impl<S: Text> Peeked for Part<S> {
    #[inline(always)]
    fn peek(&self) -> u64 {
        peek(self.score, self.selected_item.id.bytes(), self.seen_credits)
    }
}

/// The digest of a peek: three fields of the player in the middle, one of them in the item that it holds.
#[inline(always)]
pub fn peek(score: i64, selected_item_id: &[u8], seen_credits: bool) -> u64 {
    let mut digest = Digest::new();
    digest.word(score as u64);
    digest.bytes(selected_item_id);
    digest.word(u64::from(seen_credits));
    digest.finish()
}

/// The digest of all players.
///
/// # Errors
/// The first error of the iterator, or of a player's lists.
#[inline(always)]
pub fn scan<S: Text, I: Sequence<Item<S>>, T: Sequence<S>>(
    players: impl Iterator<Item = Result<Player<S, I, T>, Status>>,
) -> Outcome {
    let mut digest = Digest::new();
    let mut count = 0;
    for player in players {
        player?.take_into(&mut digest)?;
        count += 1;
    }
    digest.word(count);
    Ok(digest.finish())
}

#[cfg(test)]
mod tests;
