//! A player as prost has it, filled from a value.
//!
//! Floats are `required`: others are left out where they equal 0, and come back as 0.0 where they were -0.0.

use weft_guest::schemas::player;

/// A list of players.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Players {
    #[prost(message, repeated, tag = "1")]
    pub players: Vec<Player>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Player {
    #[prost(int32, tag = "1")]
    pub game_type: i32,
    #[prost(int32, tag = "2")]
    pub previous_game_type: i32,
    #[prost(sint64, tag = "3")]
    pub score: i64,
    #[prost(string, tag = "4")]
    pub dimension: String,
    #[prost(uint32, tag = "5")]
    pub selected_item_slot: u32,
    #[prost(message, optional, tag = "6")]
    pub selected_item: Option<Item>,
    #[prost(string, optional, tag = "7")]
    pub spawn_dimension: Option<String>,
    #[prost(sint64, tag = "8")]
    pub spawn_x: i64,
    #[prost(sint64, tag = "9")]
    pub spawn_y: i64,
    #[prost(sint64, tag = "10")]
    pub spawn_z: i64,
    #[prost(bool, optional, tag = "11")]
    pub spawn_forced: Option<bool>,
    #[prost(uint32, tag = "12")]
    pub sleep_timer: u32,
    #[prost(float, required, tag = "13")]
    pub food_exhaustion_level: f32,
    #[prost(float, required, tag = "14")]
    pub food_saturation_level: f32,
    #[prost(uint32, tag = "15")]
    pub food_tick_timer: u32,
    #[prost(uint32, tag = "16")]
    pub xp_level: u32,
    #[prost(float, required, tag = "17")]
    pub xp_p: f32,
    #[prost(sint32, tag = "18")]
    pub xp_total: i32,
    #[prost(sint32, tag = "19")]
    pub xp_seed: i32,
    #[prost(message, repeated, tag = "20")]
    pub inventory: Vec<Item>,
    #[prost(message, repeated, tag = "21")]
    pub ender_items: Vec<Item>,
    #[prost(message, optional, tag = "22")]
    pub abilities: Option<Abilities>,
    #[prost(message, optional, tag = "23")]
    pub entered_nether_position: Option<Position>,
    #[prost(message, optional, tag = "24")]
    pub root_vehicle: Option<Vehicle>,
    #[prost(message, optional, tag = "25")]
    pub shoulder_entity_left: Option<Entity>,
    #[prost(message, optional, tag = "26")]
    pub shoulder_entity_right: Option<Entity>,
    #[prost(bool, tag = "27")]
    pub seen_credits: bool,
    #[prost(message, optional, tag = "28")]
    pub recipe_book: Option<RecipeBook>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Item {
    #[prost(sint32, tag = "1")]
    pub count: i32,
    #[prost(uint32, tag = "2")]
    pub slot: u32,
    #[prost(string, tag = "3")]
    pub id: String,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct Abilities {
    #[prost(float, required, tag = "1")]
    pub walk_speed: f32,
    #[prost(float, required, tag = "2")]
    pub fly_speed: f32,
    #[prost(bool, tag = "3")]
    pub may_fly: bool,
    #[prost(bool, tag = "4")]
    pub flying: bool,
    #[prost(bool, tag = "5")]
    pub invulnerable: bool,
    #[prost(bool, tag = "6")]
    pub may_build: bool,
    #[prost(bool, tag = "7")]
    pub instabuild: bool,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct Position {
    #[prost(double, required, tag = "1")]
    pub x: f64,
    #[prost(double, required, tag = "2")]
    pub y: f64,
    #[prost(double, required, tag = "3")]
    pub z: f64,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct Rotation {
    #[prost(float, required, tag = "1")]
    pub x: f32,
    #[prost(float, required, tag = "2")]
    pub y: f32,
}

/// Four numbers of random bits, which would take five bytes each as variable ones.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct Uuid {
    #[prost(fixed32, tag = "1")]
    pub x0: u32,
    #[prost(fixed32, tag = "2")]
    pub x1: u32,
    #[prost(fixed32, tag = "3")]
    pub x2: u32,
    #[prost(fixed32, tag = "4")]
    pub x3: u32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Entity {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(message, optional, tag = "2")]
    pub pos: Option<Position>,
    #[prost(message, optional, tag = "3")]
    pub motion: Option<Position>,
    #[prost(message, optional, tag = "4")]
    pub rotation: Option<Rotation>,
    #[prost(float, required, tag = "5")]
    pub fall_distance: f32,
    #[prost(uint32, tag = "6")]
    pub fire: u32,
    #[prost(uint32, tag = "7")]
    pub air: u32,
    #[prost(bool, tag = "8")]
    pub on_ground: bool,
    #[prost(bool, tag = "9")]
    pub no_gravity: bool,
    #[prost(bool, tag = "10")]
    pub invulnerable: bool,
    #[prost(sint32, tag = "11")]
    pub portal_cooldown: i32,
    #[prost(message, optional, tag = "12")]
    pub uuid: Option<Uuid>,
    #[prost(string, optional, tag = "13")]
    pub custom_name: Option<String>,
    #[prost(bool, tag = "14")]
    pub custom_name_visible: bool,
    #[prost(bool, tag = "15")]
    pub silent: bool,
    #[prost(bool, tag = "16")]
    pub glowing: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Vehicle {
    #[prost(message, optional, tag = "1")]
    pub uuid: Option<Uuid>,
    #[prost(message, optional, tag = "2")]
    pub entity: Option<Entity>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct RecipeBook {
    #[prost(string, repeated, tag = "1")]
    pub recipes: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub to_be_displayed: Vec<String>,
    #[prost(bool, tag = "3")]
    pub is_filtering_craftable: bool,
    #[prost(bool, tag = "4")]
    pub is_gui_open: bool,
    #[prost(bool, tag = "5")]
    pub is_furnace_filtering_craftable: bool,
    #[prost(bool, tag = "6")]
    pub is_furnace_gui_open: bool,
    #[prost(bool, tag = "7")]
    pub is_blasting_furnace_filtering_craftable: bool,
    #[prost(bool, tag = "8")]
    pub is_blasting_furnace_gui_open: bool,
    #[prost(bool, tag = "9")]
    pub is_smoker_filtering_craftable: bool,
    #[prost(bool, tag = "10")]
    pub is_smoker_gui_open: bool,
}

impl Position {
    #[inline(always)]
    const fn of(&(x, y, z): &(f64, f64, f64)) -> Self {
        Self { x, y, z }
    }
}

impl Uuid {
    #[inline(always)]
    const fn of(&[x0, x1, x2, x3]: &[u32; 4]) -> Self {
        Self { x0, x1, x2, x3 }
    }
}

impl Item {
    #[inline(always)]
    fn of(item: &player::Item) -> Self {
        Self { count: item.count.into(), slot: item.slot.into(), id: item.id.clone() }
    }
}

impl Entity {
    fn of(entity: &player::Entity) -> Self {
        let (x, y) = entity.rotation;
        Self {
            id: entity.id.clone(),
            pos: Some(Position::of(&entity.pos)),
            motion: Some(Position::of(&entity.motion)),
            rotation: Some(Rotation { x, y }),
            fall_distance: entity.fall_distance,
            fire: entity.fire.into(),
            air: entity.air.into(),
            on_ground: entity.on_ground,
            no_gravity: entity.no_gravity,
            invulnerable: entity.invulnerable,
            portal_cooldown: entity.portal_cooldown,
            uuid: Some(Uuid::of(&entity.uuid)),
            custom_name: entity.custom_name.clone(),
            custom_name_visible: entity.custom_name_visible,
            silent: entity.silent,
            glowing: entity.glowing,
        }
    }
}

impl Vehicle {
    fn of((uuid, entity): &([u32; 4], player::Entity)) -> Self {
        Self { uuid: Some(Uuid::of(uuid)), entity: Some(Entity::of(entity)) }
    }
}

impl Abilities {
    #[inline(always)]
    const fn of(abilities: &player::Abilities) -> Self {
        Self {
            walk_speed: abilities.walk_speed,
            fly_speed: abilities.fly_speed,
            may_fly: abilities.may_fly,
            flying: abilities.flying,
            invulnerable: abilities.invulnerable,
            may_build: abilities.may_build,
            instabuild: abilities.instabuild,
        }
    }
}

impl RecipeBook {
    fn of(book: &player::RecipeBook) -> Self {
        Self {
            recipes: book.recipes.clone(),
            to_be_displayed: book.to_be_displayed.clone(),
            is_filtering_craftable: book.is_filtering_craftable,
            is_gui_open: book.is_gui_open,
            is_furnace_filtering_craftable: book.is_furnace_filtering_craftable,
            is_furnace_gui_open: book.is_furnace_gui_open,
            is_blasting_furnace_filtering_craftable: book.is_blasting_furnace_filtering_craftable,
            is_blasting_furnace_gui_open: book.is_blasting_furnace_gui_open,
            is_smoker_filtering_craftable: book.is_smoker_filtering_craftable,
            is_smoker_gui_open: book.is_smoker_gui_open,
        }
    }
}

impl Player {
    /// A value's player.
    pub fn of(player: &player::Player) -> Self {
        Self {
            game_type: player.game_type.byte().into(),
            previous_game_type: player.previous_game_type.byte().into(),
            score: player.score,
            dimension: player.dimension.clone(),
            selected_item_slot: player.selected_item_slot,
            selected_item: Some(Item::of(&player.selected_item)),
            spawn_dimension: player.spawn_dimension.clone(),
            spawn_x: player.spawn_x,
            spawn_y: player.spawn_y,
            spawn_z: player.spawn_z,
            spawn_forced: player.spawn_forced,
            sleep_timer: player.sleep_timer.into(),
            food_exhaustion_level: player.food_exhaustion_level,
            food_saturation_level: player.food_saturation_level,
            food_tick_timer: player.food_tick_timer,
            xp_level: player.xp_level,
            xp_p: player.xp_p,
            xp_total: player.xp_total,
            xp_seed: player.xp_seed,
            inventory: player.inventory.iter().map(Item::of).collect(),
            ender_items: player.ender_items.iter().map(Item::of).collect(),
            abilities: Some(Abilities::of(&player.abilities)),
            entered_nether_position: player.entered_nether_position.as_ref().map(Position::of),
            root_vehicle: player.root_vehicle.as_ref().map(Vehicle::of),
            shoulder_entity_left: player.shoulder_entity_left.as_ref().map(Entity::of),
            shoulder_entity_right: player.shoulder_entity_right.as_ref().map(Entity::of),
            seen_credits: player.seen_credits,
            recipe_book: Some(RecipeBook::of(&player.recipe_book)),
        }
    }
}
