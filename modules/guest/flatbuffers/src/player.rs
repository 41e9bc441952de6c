//! `player`: a vector of tables, each with tables for items, creatures and the recipe book, and with vectors of items and strings.

use core::marker::PhantomData;

use flatbuffers::{FlatBufferBuilder, ForwardsUOffset, Vector, WIPOffset};
use weft_guest::Encode;
use weft_schemas::player::{self, Abilities, Entity, GameType, Item, Player, Players, RecipeBook};
use weft_schemas::{Lazy, Outcome, Sequence, Status};
use weft_schemas_flatbuffers::generated::weft_generated as fb;

use crate::Root;
use crate::outbox::{Builder, OVERHEAD, Outbox};

/// The most that each table takes without its strings and lists, in bytes: its place in a vector, its scalars, structs and offsets, its
/// offset to the vtable, padding, and a vtable of its own, which it has where other fields are there than in the tables before it.
const PLAYER: usize = {
    let scalars = 4 * 8 + 8 * 4 + 2 + 2 + 2;
    let structs = 16 + 24;
    4 + scalars + structs + 9 * 4 + 4 + 24 + 2 * (2 + 28)
};
const ENTITY: usize = 2 * 24 + 8 + 16 + 2 * 4 + 2 * 2 + 6 + 2 * 4 + 4 + 24 + 2 * (2 + 16);
const VEHICLE: usize = 16 + 4 + 4 + 8 + 2 * (2 + 2);
const BOOK: usize = 2 * 4 + 8 + 4 + 8 + 2 * (2 + 10);
const ITEM: usize = 4 + 2 + 4 + 4 + 6 + 2 * (2 + 3) + 2;

/// The most that a vector takes beside its elements: its length, padding.
const VECTOR: usize = 4 + 4;

/// The most that a string takes beside its bytes: its length, the NUL, padding.
const STRING: usize = 4 + 1 + 3;

/// The bytes of the longest vtable, which the builder may write only to find that it has it.
const VTABLE: usize = 2 * (2 + 28);

/// Players as FlatBuffers.
pub struct PlayerWire<V> {
    builder: Builder,
    scratch: Scratch,
    of: PhantomData<fn() -> V>,
}

/// Where the elements of lists lie; kept for its memory.
#[derive(Default)]
struct Scratch {
    players: Vec<WIPOffset<fb::Player<'static>>>,
    items: Vec<WIPOffset<fb::Item<'static>>>,
    texts: Vec<WIPOffset<&'static str>>,
}

fn size(player: &Player) -> usize {
    let text = |text: &String| STRING + text.len();
    let item = |item: &Item| ITEM + text(&item.id);
    let texts = |texts: &[String]| VECTOR + texts.iter().map(|it| 4 + text(it)).sum::<usize>();
    let entity = |entity: &Entity| ENTITY + text(&entity.id) + entity.custom_name.as_ref().map_or(0, text);
    let entities = player.root_vehicle.iter().map(|(_, entity)| entity);
    let entities = entities.chain(&player.shoulder_entity_left).chain(&player.shoulder_entity_right);
    let items = player.inventory.iter().chain(&player.ender_items).map(item).sum::<usize>() + 2 * VECTOR;
    PLAYER
        + text(&player.dimension)
        + item(&player.selected_item)
        + player.spawn_dimension.as_ref().map_or(0, text)
        + entities.map(entity).sum::<usize>()
        + VEHICLE
        + items
        + BOOK
        + texts(&player.recipe_book.recipes)
        + texts(&player.recipe_book.to_be_displayed)
}

impl<V: Root> Encode for PlayerWire<V> {
    type Message = Players;
    const PANICS: bool = true;

    fn capacity(messages: &[Players]) -> usize {
        let players = |message: &Players| message.players.iter().map(size).sum::<usize>();
        OVERHEAD + VTABLE + messages.iter().map(players).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _messages: &[Players]) -> Result<Self, Status> {
        Ok(Self { builder: Builder::new(outbox), scratch: Scratch::default(), of: PhantomData })
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Players) -> Result<&[u8], Status> {
        let Self { builder, scratch, .. } = self;
        Ok(builder.message(|builder| {
            scratch.players.clear();
            for player in &message.players {
                let player = write(builder, scratch, player);
                scratch.players.push(player);
            }
            let players = Some(builder.create_vector(&scratch.players));
            fb::Players::create(builder, &fb::PlayersArgs { players })
        }))
    }
}

type Fbb = FlatBufferBuilder<'static, Outbox>;
type Tables<T> = WIPOffset<Vector<'static, ForwardsUOffset<T>>>;

#[inline(always)]
fn position((x, y, z): (f64, f64, f64)) -> fb::Vector3d {
    fb::Vector3d::new(x, y, z)
}

#[inline(always)]
fn uuid([a, b, c, d]: [u32; 4]) -> fb::Uuid {
    fb::Uuid::new(a, b, c, d)
}

#[inline(always)]
fn write_item(builder: &mut Fbb, item: &Item) -> WIPOffset<fb::Item<'static>> {
    let id = Some(builder.create_string(&item.id));
    fb::Item::create(builder, &fb::ItemArgs { count: item.count, slot: item.slot, id })
}

fn write_items(builder: &mut Fbb, scratch: &mut Scratch, items: &[Item]) -> Tables<fb::Item<'static>> {
    scratch.items.clear();
    scratch.items.extend(items.iter().map(|item| write_item(builder, item)));
    builder.create_vector(&scratch.items)
}

fn write_texts(builder: &mut Fbb, scratch: &mut Scratch, texts: &[String]) -> Tables<&'static str> {
    scratch.texts.clear();
    scratch.texts.extend(texts.iter().map(|text| builder.create_string(text)));
    builder.create_vector(&scratch.texts)
}

fn write_entity(builder: &mut Fbb, entity: &Entity) -> WIPOffset<fb::Entity<'static>> {
    let id = Some(builder.create_string(&entity.id));
    let custom_name = entity.custom_name.as_ref().map(|name| builder.create_string(name));
    let (yaw, pitch) = entity.rotation;
    let args = fb::EntityArgs {
        id,
        pos: Some(&position(entity.pos)),
        motion: Some(&position(entity.motion)),
        rotation: Some(&fb::Vector2f::new(yaw, pitch)),
        fall_distance: Some(entity.fall_distance),
        fire: entity.fire,
        air: entity.air,
        on_ground: entity.on_ground,
        no_gravity: entity.no_gravity,
        invulnerable: entity.invulnerable,
        portal_cooldown: entity.portal_cooldown,
        uuid: Some(&uuid(entity.uuid)),
        custom_name,
        custom_name_visible: entity.custom_name_visible,
        silent: entity.silent,
        glowing: entity.glowing,
    };
    fb::Entity::create(builder, &args)
}

fn write_book(builder: &mut Fbb, scratch: &mut Scratch, book: &RecipeBook) -> WIPOffset<fb::RecipeBook<'static>> {
    let args = fb::RecipeBookArgs {
        recipes: Some(write_texts(builder, scratch, &book.recipes)),
        to_be_displayed: Some(write_texts(builder, scratch, &book.to_be_displayed)),
        is_filtering_craftable: book.is_filtering_craftable,
        is_gui_open: book.is_gui_open,
        is_furnace_filtering_craftable: book.is_furnace_filtering_craftable,
        is_furnace_gui_open: book.is_furnace_gui_open,
        is_blasting_furnace_filtering_craftable: book.is_blasting_furnace_filtering_craftable,
        is_blasting_furnace_gui_open: book.is_blasting_furnace_gui_open,
        is_smoker_filtering_craftable: book.is_smoker_filtering_craftable,
        is_smoker_gui_open: book.is_smoker_gui_open,
    };
    fb::RecipeBook::create(builder, &args)
}

fn write(builder: &mut Fbb, scratch: &mut Scratch, player: &Player) -> WIPOffset<fb::Player<'static>> {
    let Abilities { walk_speed, fly_speed, may_fly, flying, invulnerable, may_build, instabuild } = player.abilities;
    let abilities = fb::Abilities::new(walk_speed, fly_speed, may_fly, flying, invulnerable, may_build, instabuild);
    let nether = player.entered_nether_position.map(position);
    let root_vehicle = player.root_vehicle.as_ref().map(|(vehicle, entity)| {
        let entity = Some(write_entity(builder, entity));
        fb::Vehicle::create(builder, &fb::VehicleArgs { uuid: Some(&uuid(*vehicle)), entity })
    });
    let args = fb::PlayerArgs {
        game_type: fb::GameType(player.game_type.byte()),
        previous_game_type: fb::GameType(player.previous_game_type.byte()),
        score: player.score,
        dimension: Some(builder.create_string(&player.dimension)),
        selected_item_slot: player.selected_item_slot,
        selected_item: Some(write_item(builder, &player.selected_item)),
        spawn_dimension: player.spawn_dimension.as_ref().map(|text| builder.create_string(text)),
        spawn_x: player.spawn_x,
        spawn_y: player.spawn_y,
        spawn_z: player.spawn_z,
        spawn_forced: player.spawn_forced,
        sleep_timer: player.sleep_timer,
        food_exhaustion_level: Some(player.food_exhaustion_level),
        food_saturation_level: Some(player.food_saturation_level),
        food_tick_timer: player.food_tick_timer,
        xp_level: player.xp_level,
        xp_p: Some(player.xp_p),
        xp_total: player.xp_total,
        xp_seed: player.xp_seed,
        inventory: Some(write_items(builder, scratch, &player.inventory)),
        ender_items: Some(write_items(builder, scratch, &player.ender_items)),
        abilities: Some(&abilities),
        entered_nether_position: nether.as_ref(),
        root_vehicle,
        shoulder_entity_left: player.shoulder_entity_left.as_ref().map(|entity| write_entity(builder, entity)),
        shoulder_entity_right: player.shoulder_entity_right.as_ref().map(|entity| write_entity(builder, entity)),
        seen_credits: player.seen_credits,
        recipe_book: Some(write_book(builder, scratch, &player.recipe_book)),
    };
    fb::Player::create(builder, &args)
}

#[inline(always)]
fn read_position(position: &fb::Vector3d) -> (f64, f64, f64) {
    (position.x(), position.y(), position.z())
}

#[inline(always)]
fn read_uuid(uuid: &fb::Uuid) -> [u32; 4] {
    [uuid.x0(), uuid.x1(), uuid.x2(), uuid.x3()]
}

#[inline(always)]
fn read_item<V: Root>(item: fb::Item<'_>) -> Item<V::Text<'_>> {
    Item { count: item.count(), slot: item.slot(), id: V::text(item.id()) }
}

#[inline(always)]
fn read_items<'a, V: Root + 'a>(
    items: Vector<'a, ForwardsUOffset<fb::Item<'a>>>,
) -> impl Sequence<Item<V::Text<'a>>> + use<'a, V> {
    Lazy(items.iter().map(|item| Ok(read_item::<V>(item))))
}

#[inline(always)]
fn read_texts<'a, V: Root + 'a>(
    texts: Vector<'a, ForwardsUOffset<&'a str>>,
) -> impl Sequence<V::Text<'a>> + use<'a, V> {
    Lazy(texts.iter().map(|text| Ok(V::text(text))))
}

fn read_entity<V: Root>(entity: fb::Entity<'_>) -> Result<Entity<V::Text<'_>>, Status> {
    let rotation = entity.rotation();
    Ok(Entity {
        id: V::text(entity.id()),
        pos: read_position(entity.pos()),
        motion: read_position(entity.motion()),
        rotation: (rotation.x(), rotation.y()),
        fall_distance: entity.fall_distance().ok_or(Status::Malformed)?,
        fire: entity.fire(),
        air: entity.air(),
        on_ground: entity.on_ground(),
        no_gravity: entity.no_gravity(),
        invulnerable: entity.invulnerable(),
        portal_cooldown: entity.portal_cooldown(),
        uuid: read_uuid(entity.uuid()),
        custom_name: entity.custom_name().map(V::text),
        custom_name_visible: entity.custom_name_visible(),
        silent: entity.silent(),
        glowing: entity.glowing(),
    })
}

fn read_vehicle<V: Root>(vehicle: fb::Vehicle<'_>) -> Result<([u32; 4], Entity<V::Text<'_>>), Status> {
    Ok((read_uuid(vehicle.uuid()), read_entity::<V>(vehicle.entity())?))
}

#[inline(always)]
fn read_book<'a, V: Root + 'a>(book: fb::RecipeBook<'a>) -> RecipeBook<impl Sequence<V::Text<'a>> + use<'a, V>> {
    let flags = [
        book.is_filtering_craftable(),
        book.is_gui_open(),
        book.is_furnace_filtering_craftable(),
        book.is_furnace_gui_open(),
        book.is_blasting_furnace_filtering_craftable(),
        book.is_blasting_furnace_gui_open(),
        book.is_smoker_filtering_craftable(),
        book.is_smoker_gui_open(),
    ];
    RecipeBook::of(read_texts::<V>(book.recipes()), read_texts::<V>(book.to_be_displayed()), flags)
}

/// A player. The verifier does not look at enumerations.
#[inline(always)]
#[allow(clippy::type_complexity, reason = "the types of lists that are read where they lie have no names")]
fn read<'a, V: Root + 'a>(
    player: fb::Player<'a>,
) -> Result<
    Player<V::Text<'a>, impl Sequence<Item<V::Text<'a>>> + use<'a, V>, impl Sequence<V::Text<'a>> + use<'a, V>>,
    Status,
> {
    let abilities = player.abilities();
    Ok(Player {
        game_type: GameType::from_byte(player.game_type().0)?,
        previous_game_type: GameType::from_byte(player.previous_game_type().0)?,
        score: player.score(),
        dimension: V::text(player.dimension()),
        selected_item_slot: player.selected_item_slot(),
        selected_item: read_item::<V>(player.selected_item()),
        spawn_dimension: player.spawn_dimension().map(V::text),
        spawn_x: player.spawn_x(),
        spawn_y: player.spawn_y(),
        spawn_z: player.spawn_z(),
        spawn_forced: player.spawn_forced(),
        sleep_timer: player.sleep_timer(),
        food_exhaustion_level: player.food_exhaustion_level().ok_or(Status::Malformed)?,
        food_saturation_level: player.food_saturation_level().ok_or(Status::Malformed)?,
        food_tick_timer: player.food_tick_timer(),
        xp_level: player.xp_level(),
        xp_p: player.xp_p().ok_or(Status::Malformed)?,
        xp_total: player.xp_total(),
        xp_seed: player.xp_seed(),
        inventory: read_items::<V>(player.inventory()),
        ender_items: read_items::<V>(player.ender_items()),
        abilities: Abilities {
            walk_speed: abilities.walk_speed(),
            fly_speed: abilities.fly_speed(),
            may_fly: abilities.may_fly(),
            flying: abilities.flying(),
            invulnerable: abilities.invulnerable(),
            may_build: abilities.may_build(),
            instabuild: abilities.instabuild(),
        },
        entered_nether_position: player.entered_nether_position().map(read_position),
        root_vehicle: player.root_vehicle().map(read_vehicle::<V>).transpose()?,
        shoulder_entity_left: player.shoulder_entity_left().map(read_entity::<V>).transpose()?,
        shoulder_entity_right: player.shoulder_entity_right().map(read_entity::<V>).transpose()?,
        seen_credits: player.seen_credits(),
        recipe_book: read_book::<V>(player.recipe_book()),
    })
}

impl<V: Root> PlayerWire<V> {
    /// Reads three fields of the player in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let players = V::root::<fb::Players>(bytes)?.players();
        if players.is_empty() {
            return Err(Status::Malformed);
        }
        let middle = players.get(players.len() / 2);
        Ok(player::peek(middle.score(), middle.selected_item().id().as_bytes(), middle.seen_credits()))
    }

    /// Reads all fields where they lie.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        player::scan(V::root::<fb::Players>(bytes)?.players().iter().map(read::<V>))
    }

    /// Copies all players out. The verifier has limited their number by the message's length.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Players, Status> {
        let players = V::root::<fb::Players>(bytes)?.players();
        let mut owned = Vec::with_capacity(players.len());
        for player in players {
            owned.push(read::<V>(player)?.owned()?);
        }
        Ok(Players { players: owned })
    }
}
