//! The values of structs of prost's: with their strings where they lie, or taken out of them.

use core::mem;

use weft_guest::schemas::player::{self, GameType};
use weft_guest::schemas::{Lazy, Sequence, Status};

use super::structs::{Abilities, Entity, Item, Player, Position, RecipeBook, Uuid, Vehicle};
use crate::wire::narrow;

/// A struct that a message must have.
#[inline(always)]
fn there<T>(there: Option<T>) -> Result<T, Status> {
    there.ok_or(Status::Malformed)
}

#[inline(always)]
const fn position(Position { x, y, z }: Position) -> (f64, f64, f64) {
    (x, y, z)
}

#[inline(always)]
fn uuid(uuid: Option<Uuid>) -> Result<[u32; 4], Status> {
    let Uuid { x0, x1, x2, x3 } = there(uuid)?;
    Ok([x0, x1, x2, x3])
}

#[inline(always)]
const fn abilities(abilities: Abilities) -> player::Abilities {
    player::Abilities {
        walk_speed: abilities.walk_speed,
        fly_speed: abilities.fly_speed,
        may_fly: abilities.may_fly,
        flying: abilities.flying,
        invulnerable: abilities.invulnerable,
        may_build: abilities.may_build,
        instabuild: abilities.instabuild,
    }
}

#[inline(always)]
fn item<'a, S>(item: &'a mut Item, text: impl Fn(&'a mut String) -> S) -> Result<player::Item<S>, Status> {
    Ok(player::Item { count: narrow(item.count)?, slot: narrow(item.slot)?, id: text(&mut item.id) })
}

#[inline(always)]
fn entity<'a, S>(entity: &'a mut Entity, text: impl Fn(&'a mut String) -> S) -> Result<player::Entity<S>, Status> {
    let rotation = there(entity.rotation)?;
    Ok(player::Entity {
        id: text(&mut entity.id),
        pos: position(there(entity.pos)?),
        motion: position(there(entity.motion)?),
        rotation: (rotation.x, rotation.y),
        fall_distance: entity.fall_distance,
        fire: narrow(entity.fire)?,
        air: narrow(entity.air)?,
        on_ground: entity.on_ground,
        no_gravity: entity.no_gravity,
        invulnerable: entity.invulnerable,
        portal_cooldown: entity.portal_cooldown,
        uuid: uuid(entity.uuid)?,
        custom_name: entity.custom_name.as_mut().map(text),
        custom_name_visible: entity.custom_name_visible,
        silent: entity.silent,
        glowing: entity.glowing,
    })
}

#[inline(always)]
fn vehicle<'a, S>(
    vehicle: &'a mut Vehicle,
    text: impl Fn(&'a mut String) -> S,
) -> Result<([u32; 4], player::Entity<S>), Status> {
    Ok((uuid(vehicle.uuid)?, entity(there(vehicle.entity.as_mut())?, text)?))
}

#[inline(always)]
fn book<'a, T>(
    book: Option<&'a mut RecipeBook>,
    texts: impl Fn(&'a mut Vec<String>) -> T,
) -> Result<player::RecipeBook<T>, Status> {
    let book = there(book)?;
    Ok(player::RecipeBook {
        recipes: texts(&mut book.recipes),
        to_be_displayed: texts(&mut book.to_be_displayed),
        is_filtering_craftable: book.is_filtering_craftable,
        is_gui_open: book.is_gui_open,
        is_furnace_filtering_craftable: book.is_furnace_filtering_craftable,
        is_furnace_gui_open: book.is_furnace_gui_open,
        is_blasting_furnace_filtering_craftable: book.is_blasting_furnace_filtering_craftable,
        is_blasting_furnace_gui_open: book.is_blasting_furnace_gui_open,
        is_smoker_filtering_craftable: book.is_smoker_filtering_craftable,
        is_smoker_gui_open: book.is_smoker_gui_open,
    })
}

/// What `text`, `items` and `texts` make of strings and lists; the rest as it stands.
#[inline(always)]
fn value<'a, S, I, T>(
    player: &'a mut Player,
    text: impl Fn(&'a mut String) -> S + Copy,
    items: impl Fn(&'a mut Vec<Item>) -> Result<I, Status>,
    texts: impl Fn(&'a mut Vec<String>) -> T,
) -> Result<player::Player<S, I, T>, Status> {
    let shoulder = |there: Option<&'a mut Entity>| there.map(|it| entity(it, text)).transpose();
    Ok(player::Player {
        game_type: GameType::from_byte(narrow(player.game_type)?)?,
        previous_game_type: GameType::from_byte(narrow(player.previous_game_type)?)?,
        score: player.score,
        dimension: text(&mut player.dimension),
        selected_item_slot: player.selected_item_slot,
        selected_item: item(there(player.selected_item.as_mut())?, text)?,
        spawn_dimension: player.spawn_dimension.as_mut().map(text),
        spawn_x: player.spawn_x,
        spawn_y: player.spawn_y,
        spawn_z: player.spawn_z,
        spawn_forced: player.spawn_forced,
        sleep_timer: narrow(player.sleep_timer)?,
        food_exhaustion_level: player.food_exhaustion_level,
        food_saturation_level: player.food_saturation_level,
        food_tick_timer: player.food_tick_timer,
        xp_level: player.xp_level,
        xp_p: player.xp_p,
        xp_total: player.xp_total,
        xp_seed: player.xp_seed,
        inventory: items(&mut player.inventory)?,
        ender_items: items(&mut player.ender_items)?,
        abilities: abilities(there(player.abilities)?),
        entered_nether_position: player.entered_nether_position.map(position),
        root_vehicle: player.root_vehicle.as_mut().map(|it| vehicle(it, text)).transpose()?,
        shoulder_entity_left: shoulder(player.shoulder_entity_left.as_mut())?,
        shoulder_entity_right: shoulder(player.shoulder_entity_right.as_mut())?,
        seen_credits: player.seen_credits,
        recipe_book: book(player.recipe_book.as_mut(), texts)?,
    })
}

/// An item with its string where it lies.
#[inline(always)]
fn read_item(item: &Item) -> Result<player::Item<&str>, Status> {
    Ok(player::Item { count: narrow(item.count)?, slot: narrow(item.slot)?, id: &item.id })
}

#[inline(always)]
fn read_items(items: &[Item]) -> impl Sequence<player::Item<&str>> {
    Lazy(items.iter().map(read_item))
}

#[inline(always)]
fn read_texts(texts: &[String]) -> impl Sequence<&str> {
    Lazy(texts.iter().map(|text| Ok(text.as_str())))
}

/// The value's player with its strings and lists where they lie.
#[inline(always)]
#[allow(clippy::type_complexity, reason = "the types of lists that are read where they lie have no names")]
pub fn borrowed(
    player: &mut Player,
) -> Result<player::Player<&str, impl Sequence<player::Item<&str>>, impl Sequence<&str>>, Status> {
    value(player, |text| &**text, |items| Ok(read_items(items)), |texts| read_texts(texts))
}

/// The value's player, which takes the strings over.
#[inline(always)]
pub fn taken(player: &mut Player) -> Result<player::Player, Status> {
    let items = |items: &mut Vec<Item>| {
        let mut taken = Vec::with_capacity(items.len());
        for it in items {
            taken.push(item(it, mem::take)?);
        }
        Ok(taken)
    };
    value(player, mem::take, items, mem::take)
}
