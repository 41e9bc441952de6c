//! `player`: a list of structs, each with structs for items, creatures and the recipe book, and with lists of items and texts. What is not
//! there is a null pointer.

use capnp::{struct_list, text, text_list};
use weft_guest::Encode;
use weft_schemas::player::{self, Abilities, Entity, GameType, Item, Player, Players, RecipeBook};
use weft_schemas::{Lazy, Outcome, Sequence, Status};
use weft_schemas_capnp::generated::weft_capnp as schema;

use crate::Form;
use crate::read::{bounded, byte, status};
use crate::size::{WORD, list_words, root_words, struct_words};

/// Players as Cap'n Proto.
pub struct PlayerWire<F>(F);

/// The words of the longest of `messages`.
fn words(messages: &[Players]) -> usize {
    let words = |message: &Players| {
        let list = list_words::<schema::player::Builder<'_>>(message.players.len());
        list + message.players.iter().map(outer_words).sum::<usize>()
    };
    root_words::<schema::players::Builder<'_>>() + messages.iter().map(words).max().unwrap_or(0)
}

/// The words of a text, which ends with a NUL.
const fn text_words(text: &str) -> usize {
    (text.len() + 1).div_ceil(WORD)
}

fn entity_words(entity: &Entity) -> usize {
    let name = entity.custom_name.as_deref().map_or(0, text_words);
    struct_words::<schema::entity::Builder<'_>>() + text_words(&entity.id) + name
}

/// The words of what a player's pointers lead to.
fn outer_words(player: &Player) -> usize {
    let book = &player.recipe_book;
    let items = |items: &[Item]| {
        let texts = items.iter().map(|item| text_words(&item.id)).sum::<usize>();
        list_words::<schema::item::Builder<'_>>(items.len()) + texts
    };
    // A list of pointers has no tag.
    let texts = |texts: &[String]| texts.iter().map(|text| 1 + text_words(text)).sum::<usize>();
    let vehicle =
        |(_, entity): &([u32; 4], Entity)| struct_words::<schema::vehicle::Builder<'_>>() + entity_words(entity);
    let nether = player.entered_nether_position.map_or(0, |_| struct_words::<schema::vector3d::Builder<'_>>());
    text_words(&player.dimension)
        + struct_words::<schema::item::Builder<'_>>()
        + text_words(&player.selected_item.id)
        + player.spawn_dimension.as_deref().map_or(0, text_words)
        + items(&player.inventory)
        + items(&player.ender_items)
        + nether
        + player.root_vehicle.as_ref().map_or(0, vehicle)
        + player.shoulder_entity_left.as_ref().map_or(0, entity_words)
        + player.shoulder_entity_right.as_ref().map_or(0, entity_words)
        + struct_words::<schema::recipe_book::Builder<'_>>()
        + texts(&book.recipes)
        + texts(&book.to_be_displayed)
}

impl<F: Form> Encode for PlayerWire<F> {
    type Message = Players;
    const PANICS: bool = true;

    fn capacity(messages: &[Players]) -> usize {
        F::capacity(words(messages))
    }

    fn start(outbox: &'static mut [u8], messages: &[Players]) -> Result<Self, Status> {
        Ok(Self(F::new(outbox, words(messages))))
    }

    fn start_answers(outbox: &'static mut [u8]) -> Result<Self, Status> {
        let words = F::words(outbox.len());
        Ok(Self(F::new(outbox, words)))
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Players) -> Result<&[u8], Status> {
        self.0.message(|builder| {
            let count = length(message.players.len())?;
            let mut players = builder.init_root::<schema::players::Builder<'_>>().init_players(count);
            for (index, player) in (0..count).zip(&message.players) {
                write(players.reborrow().get(index), player)?;
            }
            Ok(())
        })
    }
}

#[inline(always)]
fn length(len: usize) -> Result<u32, Status> {
    u32::try_from(len).map_err(|_| Status::NotEncoded)
}

/// The schema's value of the enumeration.
#[inline(always)]
fn game_type(value: GameType) -> Result<schema::GameType, Status> {
    schema::GameType::try_from(u16::from(value.byte())).map_err(|_| Status::NotEncoded)
}

/// Groups of floats or numbers, which differ in nothing but the place.
macro_rules! set {
    ($group:expr, $($set:ident $value:expr),+) => {{
        let mut group = $group;
        $(group.$set($value);)+
    }};
}

#[inline(always)]
fn write_item(mut builder: schema::item::Builder<'_>, item: &Item) {
    builder.set_count(item.count);
    builder.set_slot(item.slot);
    builder.set_id(&item.id);
}

fn write_items(mut builder: struct_list::Builder<'_, schema::item::Owned>, items: &[Item]) {
    for (index, item) in (0..builder.len()).zip(items) {
        write_item(builder.reborrow().get(index), item);
    }
}

fn write_texts(mut builder: text_list::Builder<'_>, texts: &[String]) {
    for (index, text) in (0..builder.len()).zip(texts) {
        builder.set(index, text);
    }
}

fn write_entity(mut builder: schema::entity::Builder<'_>, entity: &Entity) {
    let [a, b, c, d] = entity.uuid;
    builder.set_id(&entity.id);
    set!(builder.reborrow().get_pos(), set_x entity.pos.0, set_y entity.pos.1, set_z entity.pos.2);
    set!(builder.reborrow().get_motion(), set_x entity.motion.0, set_y entity.motion.1, set_z entity.motion.2);
    set!(builder.reborrow().get_rotation(), set_x entity.rotation.0, set_y entity.rotation.1);
    builder.set_fall_distance(entity.fall_distance);
    builder.set_fire(entity.fire);
    builder.set_air(entity.air);
    builder.set_on_ground(entity.on_ground);
    builder.set_no_gravity(entity.no_gravity);
    builder.set_invulnerable(entity.invulnerable);
    builder.set_portal_cooldown(entity.portal_cooldown);
    set!(builder.reborrow().get_uuid(), set_x0 a, set_x1 b, set_x2 c, set_x3 d);
    if let Some(name) = &entity.custom_name {
        builder.set_custom_name(name);
    }
    builder.set_custom_name_visible(entity.custom_name_visible);
    builder.set_silent(entity.silent);
    builder.set_glowing(entity.glowing);
}

fn write_book(mut builder: schema::recipe_book::Builder<'_>, book: &RecipeBook) -> Result<(), Status> {
    write_texts(builder.reborrow().init_recipes(length(book.recipes.len())?), &book.recipes);
    write_texts(builder.reborrow().init_to_be_displayed(length(book.to_be_displayed.len())?), &book.to_be_displayed);
    builder.set_is_filtering_craftable(book.is_filtering_craftable);
    builder.set_is_gui_open(book.is_gui_open);
    builder.set_is_furnace_filtering_craftable(book.is_furnace_filtering_craftable);
    builder.set_is_furnace_gui_open(book.is_furnace_gui_open);
    builder.set_is_blasting_furnace_filtering_craftable(book.is_blasting_furnace_filtering_craftable);
    builder.set_is_blasting_furnace_gui_open(book.is_blasting_furnace_gui_open);
    builder.set_is_smoker_filtering_craftable(book.is_smoker_filtering_craftable);
    builder.set_is_smoker_gui_open(book.is_smoker_gui_open);
    Ok(())
}

fn write(mut builder: schema::player::Builder<'_>, player: &Player) -> Result<(), Status> {
    builder.set_game_type(game_type(player.game_type)?);
    builder.set_previous_game_type(game_type(player.previous_game_type)?);
    builder.set_score(player.score);
    builder.set_dimension(&player.dimension);
    builder.set_selected_item_slot(player.selected_item_slot);
    write_item(builder.reborrow().init_selected_item(), &player.selected_item);
    if let Some(dimension) = &player.spawn_dimension {
        builder.set_spawn_dimension(dimension);
    }
    builder.set_spawn_x(player.spawn_x);
    builder.set_spawn_y(player.spawn_y);
    builder.set_spawn_z(player.spawn_z);
    if let Some(forced) = player.spawn_forced {
        builder.reborrow().init_spawn_forced().set_some(forced);
    }
    builder.set_sleep_timer(player.sleep_timer);
    builder.set_food_exhaustion_level(player.food_exhaustion_level);
    builder.set_food_saturation_level(player.food_saturation_level);
    builder.set_food_tick_timer(player.food_tick_timer);
    builder.set_xp_level(player.xp_level);
    builder.set_xp_p(player.xp_p);
    builder.set_xp_total(player.xp_total);
    builder.set_xp_seed(player.xp_seed);
    write_items(builder.reborrow().init_inventory(length(player.inventory.len())?), &player.inventory);
    write_items(builder.reborrow().init_ender_items(length(player.ender_items.len())?), &player.ender_items);
    write_abilities(builder.reborrow().get_abilities(), player.abilities);
    if let Some((x, y, z)) = player.entered_nether_position {
        set!(builder.reborrow().init_entered_nether_position(), set_x x, set_y y, set_z z);
    }
    if let Some(([a, b, c, d], entity)) = &player.root_vehicle {
        let mut vehicle = builder.reborrow().init_root_vehicle();
        set!(vehicle.reborrow().get_uuid(), set_x0 * a, set_x1 * b, set_x2 * c, set_x3 * d);
        write_entity(vehicle.init_entity(), entity);
    }
    if let Some(entity) = &player.shoulder_entity_left {
        write_entity(builder.reborrow().init_shoulder_entity_left(), entity);
    }
    if let Some(entity) = &player.shoulder_entity_right {
        write_entity(builder.reborrow().init_shoulder_entity_right(), entity);
    }
    builder.set_seen_credits(player.seen_credits);
    write_book(builder.init_recipe_book(), &player.recipe_book)
}

#[inline(always)]
fn write_abilities(mut builder: schema::player::abilities::Builder<'_>, abilities: Abilities) {
    builder.set_walk_speed(abilities.walk_speed);
    builder.set_fly_speed(abilities.fly_speed);
    builder.set_may_fly(abilities.may_fly);
    builder.set_flying(abilities.flying);
    builder.set_invulnerable(abilities.invulnerable);
    builder.set_may_build(abilities.may_build);
    builder.set_instabuild(abilities.instabuild);
}

/// A text's bytes: nobody has checked that they are UTF-8.
#[inline(always)]
fn unchecked(text: capnp::Result<text::Reader<'_>>) -> Result<&[u8], Status> {
    text.map(text::Reader::as_bytes).map_err(status)
}

#[inline(always)]
fn read_item(item: schema::item::Reader<'_>) -> Result<Item<&[u8]>, Status> {
    Ok(Item { count: item.get_count(), slot: item.get_slot(), id: unchecked(item.get_id())? })
}

/// The items of a list in a message of `len` bytes.
#[inline(always)]
fn read_items<'a>(
    list: capnp::Result<struct_list::Reader<'a, schema::item::Owned>>,
    len: usize,
) -> Result<impl Sequence<Item<&'a [u8]>> + use<'a>, Status> {
    let list = bounded(list.map_err(status)?, len)?;
    Ok(Lazy((0..list.len()).map(move |index| read_item(list.get(index)))))
}

/// The texts of a list in a message of `len` bytes, which has room for a pointer for each.
#[inline(always)]
fn read_texts<'a>(
    list: capnp::Result<text_list::Reader<'a>>,
    len: usize,
) -> Result<impl Sequence<&'a [u8]> + use<'a>, Status> {
    let list = list.map_err(status)?;
    if list.len() as usize > len / WORD {
        return Err(Status::Malformed);
    }
    Ok(Lazy((0..list.len()).map(move |index| unchecked(list.get(index)))))
}

fn read_entity(entity: schema::entity::Reader<'_>) -> Result<Entity<&[u8]>, Status> {
    let (pos, motion, rotation, uuid) =
        (entity.get_pos(), entity.get_motion(), entity.get_rotation(), entity.get_uuid());
    Ok(Entity {
        id: unchecked(entity.get_id())?,
        pos: (pos.get_x(), pos.get_y(), pos.get_z()),
        motion: (motion.get_x(), motion.get_y(), motion.get_z()),
        rotation: (rotation.get_x(), rotation.get_y()),
        fall_distance: entity.get_fall_distance(),
        fire: entity.get_fire(),
        air: entity.get_air(),
        on_ground: entity.get_on_ground(),
        no_gravity: entity.get_no_gravity(),
        invulnerable: entity.get_invulnerable(),
        portal_cooldown: entity.get_portal_cooldown(),
        uuid: [uuid.get_x0(), uuid.get_x1(), uuid.get_x2(), uuid.get_x3()],
        custom_name: entity.has_custom_name().then(|| unchecked(entity.get_custom_name())).transpose()?,
        custom_name_visible: entity.get_custom_name_visible(),
        silent: entity.get_silent(),
        glowing: entity.get_glowing(),
    })
}

fn read_vehicle(vehicle: schema::vehicle::Reader<'_>) -> Result<([u32; 4], Entity<&[u8]>), Status> {
    let uuid = vehicle.get_uuid();
    let entity = read_entity(vehicle.get_entity().map_err(status)?)?;
    Ok(([uuid.get_x0(), uuid.get_x1(), uuid.get_x2(), uuid.get_x3()], entity))
}

fn read_nether(position: schema::vector3d::Reader<'_>) -> Result<(f64, f64, f64), Status> {
    Ok((position.get_x(), position.get_y(), position.get_z()))
}

/// What `read` makes of a struct that may not be there.
#[inline(always)]
fn option<R, T>(
    there: bool,
    get: impl FnOnce() -> capnp::Result<R>,
    read: impl FnOnce(R) -> Result<T, Status>,
) -> Result<Option<T>, Status> {
    if there { read(get().map_err(status)?).map(Some) } else { Ok(None) }
}

#[inline(always)]
fn read_forced(forced: schema::player::spawn_forced::Reader<'_>) -> Result<Option<bool>, Status> {
    use schema::player::spawn_forced::Which;
    match forced.which() {
        Ok(Which::None(())) => Ok(None),
        Ok(Which::Some(forced)) => Ok(Some(forced)),
        Err(_) => Err(Status::Malformed),
    }
}

#[inline(always)]
fn read_abilities(abilities: schema::player::abilities::Reader<'_>) -> Abilities {
    Abilities {
        walk_speed: abilities.get_walk_speed(),
        fly_speed: abilities.get_fly_speed(),
        may_fly: abilities.get_may_fly(),
        flying: abilities.get_flying(),
        invulnerable: abilities.get_invulnerable(),
        may_build: abilities.get_may_build(),
        instabuild: abilities.get_instabuild(),
    }
}

#[inline(always)]
fn read_book<'a>(
    book: schema::recipe_book::Reader<'a>,
    len: usize,
) -> Result<RecipeBook<impl Sequence<&'a [u8]> + use<'a>>, Status> {
    let flags = [
        book.get_is_filtering_craftable(),
        book.get_is_gui_open(),
        book.get_is_furnace_filtering_craftable(),
        book.get_is_furnace_gui_open(),
        book.get_is_blasting_furnace_filtering_craftable(),
        book.get_is_blasting_furnace_gui_open(),
        book.get_is_smoker_filtering_craftable(),
        book.get_is_smoker_gui_open(),
    ];
    let (recipes, displayed) = (read_texts(book.get_recipes(), len)?, read_texts(book.get_to_be_displayed(), len)?);
    Ok(RecipeBook::of(recipes, displayed, flags))
}

/// A player of a message of `len` bytes.
#[inline(always)]
#[allow(clippy::type_complexity, reason = "the types of lists that are read where they lie have no names")]
fn read<'a>(
    player: schema::player::Reader<'a>,
    len: usize,
) -> Result<Player<&'a [u8], impl Sequence<Item<&'a [u8]>> + use<'a>, impl Sequence<&'a [u8]> + use<'a>>, Status> {
    Ok(Player {
        game_type: GameType::from_byte(byte(player.get_game_type())?)?,
        previous_game_type: GameType::from_byte(byte(player.get_previous_game_type())?)?,
        score: player.get_score(),
        dimension: unchecked(player.get_dimension())?,
        selected_item_slot: player.get_selected_item_slot(),
        selected_item: read_item(player.get_selected_item().map_err(status)?)?,
        spawn_dimension: player.has_spawn_dimension().then(|| unchecked(player.get_spawn_dimension())).transpose()?,
        spawn_x: player.get_spawn_x(),
        spawn_y: player.get_spawn_y(),
        spawn_z: player.get_spawn_z(),
        spawn_forced: read_forced(player.get_spawn_forced())?,
        sleep_timer: player.get_sleep_timer(),
        food_exhaustion_level: player.get_food_exhaustion_level(),
        food_saturation_level: player.get_food_saturation_level(),
        food_tick_timer: player.get_food_tick_timer(),
        xp_level: player.get_xp_level(),
        xp_p: player.get_xp_p(),
        xp_total: player.get_xp_total(),
        xp_seed: player.get_xp_seed(),
        inventory: read_items(player.get_inventory(), len)?,
        ender_items: read_items(player.get_ender_items(), len)?,
        abilities: read_abilities(player.get_abilities()),
        entered_nether_position: option(
            player.has_entered_nether_position(),
            || player.get_entered_nether_position(),
            read_nether,
        )?,
        root_vehicle: option(player.has_root_vehicle(), || player.get_root_vehicle(), read_vehicle)?,
        shoulder_entity_left: option(
            player.has_shoulder_entity_left(),
            || player.get_shoulder_entity_left(),
            read_entity,
        )?,
        shoulder_entity_right: option(
            player.has_shoulder_entity_right(),
            || player.get_shoulder_entity_right(),
            read_entity,
        )?,
        seen_credits: player.get_seen_credits(),
        recipe_book: read_book(player.get_recipe_book().map_err(status)?, len)?,
    })
}

type List<'a> = struct_list::Reader<'a, schema::player::Owned>;

/// Gives the list of players to `read`, and the length of the message.
#[inline(always)]
fn players<F: Form, R>(bytes: &[u8], read: impl FnOnce(List<'_>, usize) -> Result<R, Status>) -> Result<R, Status> {
    F::root::<schema::players::Owned, _>(bytes, |message, len| {
        read(bounded(message.get_players().map_err(status)?, len)?, len)
    })
}

impl<F: Form> PlayerWire<F> {
    /// Reads three fields of the player in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        players::<F, _>(bytes, |list, _| {
            let middle = list.try_get(list.len() / 2).ok_or(Status::Malformed)?;
            let item = middle.get_selected_item().map_err(status)?;
            Ok(player::peek(middle.get_score(), unchecked(item.get_id())?, middle.get_seen_credits()))
        })
    }

    /// Reads all fields, and the texts as bytes.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        players::<F, _>(bytes, |list, len| player::scan(list.iter().map(|player| read(player, len))))
    }

    /// Copies all players out, and checks their texts.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Players, Status> {
        players::<F, _>(bytes, |list, len| {
            let mut players = Vec::with_capacity(list.len() as usize);
            for player in list {
                players.push(read(player, len)?.owned()?);
            }
            Ok(Players { players })
        })
    }
}
