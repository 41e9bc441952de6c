//! `player`: a list of messages, each with messages for items, creatures and the recipe book, and with lists of items and strings. What is
//! not there is left out.

mod read;
mod structs;

use weft_guest::Kept;
use weft_guest::schemas::player::{self, Players};
use weft_guest::schemas::{Outcome, Status};

use crate::wire::{Filled, Wire, decode};
use read::{borrowed, taken};
use structs::Player;
pub use structs::Players as Structs;

/// A list of players' writer and reader.
pub type PlayerWire = Wire<Structs>;

impl Filled for Structs {
    type Value = Players;

    /// Each player is a new struct. Kept ones, with lists of another length in each message, would leave the allocator in a state that it does
    /// not find again, and no two rotations would cost the same.
    #[inline(always)]
    fn set(&mut self, message: &Players) {
        self.players.clear();
        self.players.extend(message.players.iter().map(Player::of));
    }
}

thread_local! {
    static READ: Kept<Structs> = const { Kept::new(Structs { players: Vec::new() }) };
}

/// Gives the decoded players to `read`.
#[inline(always)]
fn players<R>(bytes: &[u8], read: impl FnOnce(&mut [Player]) -> Result<R, Status>) -> Result<R, Status> {
    READ.with(|kept| decode(kept, bytes, |message| read(&mut message.players)))
}

impl PlayerWire {
    /// Decodes; reads three fields of the player in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        players(bytes, |players| {
            let middle = players.get(players.len() / 2).ok_or(Status::Malformed)?;
            let item = middle.selected_item.as_ref().ok_or(Status::Malformed)?;
            Ok(player::peek(middle.score, item.id.as_bytes(), middle.seen_credits))
        })
    }

    /// Decodes; reads all fields.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        players(bytes, |players| player::scan(players.iter_mut().map(borrowed)))
    }

    /// Decodes; builds the list of players, which takes the strings over.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Players, Status> {
        players(bytes, |list| {
            let mut players = Vec::with_capacity(list.len());
            for player in list {
                players.push(taken(player)?);
            }
            Ok(Players { players })
        })
    }
}
