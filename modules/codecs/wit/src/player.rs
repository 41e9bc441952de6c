//! `player`: a list of players; inventories and recipes are lists of their own.

use weft_guest::schemas::player::{self, Abilities, GameType};
use weft_guest::schemas::{Outcome, Players};

use crate::Carried;
use crate::lowered::{Elements, List, Lowered, Maybe, Pair, Room, Text, Triple, plain, record};

plain! { GameType }

type Position = Triple<f64, f64, f64>;

record! {
    Item: player::Item, 'a player::Item<&'a str>, player::Item { count: i8, slot: u8, id: Text }
}

record! {
    LyingAbilities: Abilities, 'a Abilities, Abilities {
        walk_speed: f32,
        fly_speed: f32,
        may_fly: bool,
        flying: bool,
        invulnerable: bool,
        may_build: bool,
        instabuild: bool,
    }
}

record! {
    Entity: player::Entity, 'a player::Entity<&'a str>, player::Entity {
        id: Text,
        pos: Position,
        motion: Position,
        rotation: Pair<f32, f32>,
        fall_distance: f32,
        fire: u16,
        air: u16,
        on_ground: bool,
        no_gravity: bool,
        invulnerable: bool,
        portal_cooldown: i32,
        uuid: [u32; 4],
        custom_name: Maybe<Text>,
        custom_name_visible: bool,
        silent: bool,
        glowing: bool,
    }
}

record! {
    RecipeBook: player::RecipeBook, 'a player::RecipeBook<Elements<'a, Text>>, player::RecipeBook {
        recipes: List<Text>,
        to_be_displayed: List<Text>,
        is_filtering_craftable: bool,
        is_gui_open: bool,
        is_furnace_filtering_craftable: bool,
        is_furnace_gui_open: bool,
        is_blasting_furnace_filtering_craftable: bool,
        is_blasting_furnace_gui_open: bool,
        is_smoker_filtering_craftable: bool,
        is_smoker_gui_open: bool,
    }
}

record! {
    Player: player::Player,
    'a player::Player<&'a str, Elements<'a, Item>, Elements<'a, Text>>,
    player::Player {
        game_type: GameType,
        previous_game_type: GameType,
        score: i64,
        dimension: Text,
        selected_item_slot: u32,
        selected_item: Item,
        spawn_dimension: Maybe<Text>,
        spawn_x: i64,
        spawn_y: i64,
        spawn_z: i64,
        spawn_forced: Maybe<bool>,
        sleep_timer: u16,
        food_exhaustion_level: f32,
        food_saturation_level: f32,
        food_tick_timer: u32,
        xp_level: u32,
        xp_p: f32,
        xp_total: i32,
        xp_seed: i32,
        inventory: List<Item>,
        ender_items: List<Item>,
        abilities: LyingAbilities,
        entered_nether_position: Maybe<Position>,
        root_vehicle: Maybe<Pair<[u32; 4], Entity>>,
        shoulder_entity_left: Maybe<Entity>,
        shoulder_entity_right: Maybe<Entity>,
        seen_credits: bool,
        recipe_book: RecipeBook,
    }
}

impl Carried for Players {
    type Record = Player;

    fn values(&self) -> &[player::Player] {
        &self.players
    }

    fn room(player: &player::Player) -> usize {
        let book = &player.recipe_book;
        Room::most::<Item>(player.inventory.len())
            + Room::most::<Item>(player.ender_items.len())
            + Room::most::<Text>(book.recipes.len())
            + Room::most::<Text>(book.to_be_displayed.len())
    }

    fn of(players: Vec<player::Player>) -> Self {
        Self { players }
    }

    #[inline(always)]
    fn peek(player: &Player) -> u64 {
        // SAFETY: an adapter has checked the string, or the producer shares its memory and waits.
        let id = unsafe { player.selected_item.id.read() };
        player::peek(player.score, id.as_bytes(), player.seen_credits)
    }

    #[inline(always)]
    fn scan<'a>(players: impl Iterator<Item = <Player as Lowered>::Read<'a>>) -> Outcome {
        player::scan(players.map(Ok))
    }
}
