//! What a player is made of.

use crate::derives::message_type;
use crate::enumeration::wire_enum;

wire_enum! {
    /// How the game is played.
    GameType { Survival, Creative, Adventure, Spectator }
}

message_type! {
    /// A stack of one kind of thing.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[cfg_attr(feature = "serde", serde(bound(deserialize = "S: serde::Deserialize<'de>")))]
    #[allow(missing_docs, reason = "the game's own terms")]
    pub struct Item<S = String> {
        pub count: i8,
        pub slot: u8,
        pub id: S,
    }
}

message_type! {
    /// What a player may do.
    #[derive(Clone, Copy, Debug, PartialEq)]
    #[allow(missing_docs, reason = "the game's own terms")]
    pub struct Abilities {
        pub walk_speed: f32,
        pub fly_speed: f32,
        pub may_fly: bool,
        pub flying: bool,
        pub invulnerable: bool,
        pub may_build: bool,
        pub instabuild: bool,
    }
}

message_type! {
    /// A creature.
    #[derive(Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "serde", serde(bound(deserialize = "S: serde::Deserialize<'de>")))]
    #[allow(missing_docs, reason = "the game's own terms")]
    pub struct Entity<S = String> {
        pub id: S,
        pub pos: (f64, f64, f64),
        pub motion: (f64, f64, f64),
        pub rotation: (f32, f32),
        pub fall_distance: f32,
        pub fire: u16,
        pub air: u16,
        pub on_ground: bool,
        pub no_gravity: bool,
        pub invulnerable: bool,
        pub portal_cooldown: i32,
        pub uuid: [u32; 4],
        pub custom_name: Option<S>,
        pub custom_name_visible: bool,
        pub silent: bool,
        pub glowing: bool,
    }
}

message_type! {
    /// What a player knows how to make. `T` is a list of strings.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[cfg_attr(feature = "serde", serde(bound(deserialize = "T: serde::Deserialize<'de>")))]
    #[allow(missing_docs, reason = "the game's own terms")]
    pub struct RecipeBook<T = Vec<String>> {
        pub recipes: T,
        pub to_be_displayed: T,
        pub is_filtering_craftable: bool,
        pub is_gui_open: bool,
        pub is_furnace_filtering_craftable: bool,
        pub is_furnace_gui_open: bool,
        pub is_blasting_furnace_filtering_craftable: bool,
        pub is_blasting_furnace_gui_open: bool,
        pub is_smoker_filtering_craftable: bool,
        pub is_smoker_gui_open: bool,
    }
}

message_type! {
    /// One player's state. `S` is the string type: `String` in a value, a borrowed string or plain bytes in what a codec reads in
    /// place; `I` is a list of items, and `T` one of strings: there they are read when somebody goes through them.
    #[derive(Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "serde", serde(bound(
        deserialize = "S: serde::Deserialize<'de>, I: serde::Deserialize<'de>, T: serde::Deserialize<'de>"
    )))]
    #[allow(missing_docs, reason = "the game's own terms")]
    pub struct Player<S = String, I = Vec<Item<S>>, T = Vec<S>> {
        pub game_type: GameType,
        pub previous_game_type: GameType,
        pub score: i64,
        pub dimension: S,
        pub selected_item_slot: u32,
        pub selected_item: Item<S>,
        pub spawn_dimension: Option<S>,
        pub spawn_x: i64,
        pub spawn_y: i64,
        pub spawn_z: i64,
        pub spawn_forced: Option<bool>,
        pub sleep_timer: u16,
        pub food_exhaustion_level: f32,
        pub food_saturation_level: f32,
        pub food_tick_timer: u32,
        pub xp_level: u32,
        pub xp_p: f32,
        pub xp_total: i32,
        pub xp_seed: i32,
        pub inventory: I,
        pub ender_items: I,
        pub abilities: Abilities,
        pub entered_nether_position: Option<(f64, f64, f64)>,
        pub root_vehicle: Option<([u32; 4], Entity<S>)>,
        pub shoulder_entity_left: Option<Entity<S>>,
        pub shoulder_entity_right: Option<Entity<S>>,
        pub seen_credits: bool,
        pub recipe_book: RecipeBook<T>,
    }
}
