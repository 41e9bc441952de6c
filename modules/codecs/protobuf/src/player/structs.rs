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

/// Fills a struct that may not be there, and keeps its memory where it is.
#[inline(always)]
fn fill<T: Default, V>(there: &mut Option<T>, value: Option<&V>, set: impl FnOnce(&mut T, &V)) {
    match value {
        Some(value) => set(there.get_or_insert_default(), value),
        None => *there = None,
    }
}

#[inline(always)]
fn fill_items(items: &mut Vec<Item>, values: &[player::Item]) {
    items.resize_with(values.len(), Item::default);
    for (item, value) in items.iter_mut().zip(values) {
        item.set(value);
    }
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
    fn set(&mut self, item: &player::Item) {
        self.count = item.count.into();
        self.slot = item.slot.into();
        self.id.clone_from(&item.id);
    }
}

impl Entity {
    fn set(&mut self, entity: &player::Entity) {
        let (x, y) = entity.rotation;
        self.id.clone_from(&entity.id);
        self.pos = Some(Position::of(&entity.pos));
        self.motion = Some(Position::of(&entity.motion));
        self.rotation = Some(Rotation { x, y });
        self.fall_distance = entity.fall_distance;
        self.fire = entity.fire.into();
        self.air = entity.air.into();
        self.portal_cooldown = entity.portal_cooldown;
        self.uuid = Some(Uuid::of(&entity.uuid));
        self.custom_name.clone_from(&entity.custom_name);
        self.on_ground = entity.on_ground;
        self.no_gravity = entity.no_gravity;
        self.invulnerable = entity.invulnerable;
        self.custom_name_visible = entity.custom_name_visible;
        self.silent = entity.silent;
        self.glowing = entity.glowing;
    }
}

impl Vehicle {
    #[inline(always)]
    fn set(&mut self, (uuid, entity): &([u32; 4], player::Entity)) {
        self.uuid = Some(Uuid::of(uuid));
        self.entity.get_or_insert_default().set(entity);
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
    #[inline(always)]
    fn set(&mut self, book: &player::RecipeBook) {
        self.recipes.clone_from(&book.recipes);
        self.to_be_displayed.clone_from(&book.to_be_displayed);
        self.is_filtering_craftable = book.is_filtering_craftable;
        self.is_gui_open = book.is_gui_open;
        self.is_furnace_filtering_craftable = book.is_furnace_filtering_craftable;
        self.is_furnace_gui_open = book.is_furnace_gui_open;
        self.is_blasting_furnace_filtering_craftable = book.is_blasting_furnace_filtering_craftable;
        self.is_blasting_furnace_gui_open = book.is_blasting_furnace_gui_open;
        self.is_smoker_filtering_craftable = book.is_smoker_filtering_craftable;
        self.is_smoker_gui_open = book.is_smoker_gui_open;
    }
}

impl Player {
    pub fn set(&mut self, player: &player::Player) {
        self.game_type = player.game_type.byte().into();
        self.previous_game_type = player.previous_game_type.byte().into();
        self.score = player.score;
        self.dimension.clone_from(&player.dimension);
        self.selected_item_slot = player.selected_item_slot;
        self.selected_item.get_or_insert_default().set(&player.selected_item);
        self.spawn_dimension.clone_from(&player.spawn_dimension);
        self.spawn_x = player.spawn_x;
        self.spawn_y = player.spawn_y;
        self.spawn_z = player.spawn_z;
        self.spawn_forced = player.spawn_forced;
        self.sleep_timer = player.sleep_timer.into();
        self.food_exhaustion_level = player.food_exhaustion_level;
        self.food_saturation_level = player.food_saturation_level;
        self.food_tick_timer = player.food_tick_timer;
        self.xp_level = player.xp_level;
        self.xp_p = player.xp_p;
        self.xp_total = player.xp_total;
        self.xp_seed = player.xp_seed;
        fill_items(&mut self.inventory, &player.inventory);
        fill_items(&mut self.ender_items, &player.ender_items);
        self.abilities = Some(Abilities::of(&player.abilities));
        self.entered_nether_position = player.entered_nether_position.as_ref().map(Position::of);
        fill(&mut self.root_vehicle, player.root_vehicle.as_ref(), Vehicle::set);
        fill(&mut self.shoulder_entity_left, player.shoulder_entity_left.as_ref(), Entity::set);
        fill(&mut self.shoulder_entity_right, player.shoulder_entity_right.as_ref(), Entity::set);
        self.seen_credits = player.seen_credits;
        self.recipe_book.get_or_insert_default().set(&player.recipe_book);
    }
}
