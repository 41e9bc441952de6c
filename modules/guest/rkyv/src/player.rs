//! `player`: a list of structs with options and lists in them.

use rkyv::Archived;
use rkyv::option::ArchivedOption;
use rkyv::string::ArchivedString;
use rkyv::vec::ArchivedVec;
use weft_schemas::player::{self, Entity, Item, Player, RecipeBook};
use weft_schemas::{Lazy, Outcome, Players, Sequence, Status};

use crate::{Access, Wire, value};

#[inline(always)]
fn item<A: Access>(item: &Archived<Item>) -> Item<A::Text<'_>> {
    Item { count: item.count, slot: item.slot, id: A::text(&item.id) }
}

#[inline(always)]
fn entity<A: Access>(entity: &Archived<Entity>) -> Result<Entity<A::Text<'_>>, Status> {
    Ok(Entity {
        id: A::text(&entity.id),
        pos: value(&entity.pos)?,
        motion: value(&entity.motion)?,
        rotation: value(&entity.rotation)?,
        fall_distance: entity.fall_distance.to_native(),
        fire: entity.fire.to_native(),
        air: entity.air.to_native(),
        on_ground: entity.on_ground,
        no_gravity: entity.no_gravity,
        invulnerable: entity.invulnerable,
        portal_cooldown: entity.portal_cooldown.to_native(),
        uuid: value(&entity.uuid)?,
        custom_name: entity.custom_name.as_ref().map(A::text),
        custom_name_visible: entity.custom_name_visible,
        silent: entity.silent,
        glowing: entity.glowing,
    })
}

#[inline(always)]
fn shoulder<A: Access>(archived: &ArchivedOption<Archived<Entity>>) -> Result<Option<Entity<A::Text<'_>>>, Status> {
    archived.as_ref().map(entity::<A>).transpose()
}

#[inline(always)]
fn items<A: Access>(items: &ArchivedVec<Archived<Item>>) -> impl Sequence<Item<A::Text<'_>>> {
    Lazy(items.iter().map(|archived| Ok(item::<A>(archived))))
}

#[inline(always)]
fn texts<A: Access>(texts: &ArchivedVec<ArchivedString>) -> impl Sequence<A::Text<'_>> {
    Lazy(texts.iter().map(|text| Ok(A::text(text))))
}

/// A player whose lists are read where they lie.
#[inline(always)]
#[allow(clippy::type_complexity, reason = "the lists are iterators, whose types have no names")]
fn player<'a, A: Access + 'a>(
    player: &'a Archived<Player>,
) -> Result<Player<A::Text<'a>, impl Sequence<Item<A::Text<'a>>>, impl Sequence<A::Text<'a>>>, Status> {
    let book = &player.recipe_book;
    let vehicle = player.root_vehicle.as_ref().map(|vehicle| Ok((value(&vehicle.0)?, entity::<A>(&vehicle.1)?)));
    let flags = [
        book.is_filtering_craftable,
        book.is_gui_open,
        book.is_furnace_filtering_craftable,
        book.is_furnace_gui_open,
        book.is_blasting_furnace_filtering_craftable,
        book.is_blasting_furnace_gui_open,
        book.is_smoker_filtering_craftable,
        book.is_smoker_gui_open,
    ];
    Ok(Player {
        game_type: value(&player.game_type)?,
        previous_game_type: value(&player.previous_game_type)?,
        score: player.score.to_native(),
        dimension: A::text(&player.dimension),
        selected_item_slot: player.selected_item_slot.to_native(),
        selected_item: item::<A>(&player.selected_item),
        spawn_dimension: player.spawn_dimension.as_ref().map(A::text),
        spawn_x: player.spawn_x.to_native(),
        spawn_y: player.spawn_y.to_native(),
        spawn_z: player.spawn_z.to_native(),
        spawn_forced: value(&player.spawn_forced)?,
        sleep_timer: player.sleep_timer.to_native(),
        food_exhaustion_level: player.food_exhaustion_level.to_native(),
        food_saturation_level: player.food_saturation_level.to_native(),
        food_tick_timer: player.food_tick_timer.to_native(),
        xp_level: player.xp_level.to_native(),
        xp_p: player.xp_p.to_native(),
        xp_total: player.xp_total.to_native(),
        xp_seed: player.xp_seed.to_native(),
        inventory: items::<A>(&player.inventory),
        ender_items: items::<A>(&player.ender_items),
        abilities: value(&player.abilities)?,
        entered_nether_position: value(&player.entered_nether_position)?,
        root_vehicle: vehicle.transpose()?,
        shoulder_entity_left: shoulder::<A>(&player.shoulder_entity_left)?,
        shoulder_entity_right: shoulder::<A>(&player.shoulder_entity_right)?,
        seen_credits: player.seen_credits,
        recipe_book: RecipeBook::of(texts::<A>(&book.recipes), texts::<A>(&book.to_be_displayed), flags),
    })
}

impl<A: Access> Wire<A, Players> {
    /// Reads three fields of the player in the middle.
    ///
    /// # Errors
    /// Those of [`Access::access`]; [`Status::Malformed`] where there is no player.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let players = &A::access::<Archived<Players>>(bytes)?.players;
        let middle = players.get(players.len() / 2).ok_or(Status::Malformed)?;
        Ok(player::peek(middle.score.to_native(), middle.selected_item.id.as_bytes(), middle.seen_credits))
    }

    /// Reads all fields where they lie.
    ///
    /// # Errors
    /// Those of [`Access::access`].
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        player::scan(A::access::<Archived<Players>>(bytes)?.players.iter().map(player::<A>))
    }

    /// Copies all players out.
    ///
    /// # Errors
    /// Those of [`Access::access`]; [`Status::InvalidText`] where nobody has checked a string before.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Players, Status> {
        let archived = &A::access::<Archived<Players>>(bytes)?.players;
        let mut players = Vec::with_capacity(archived.len());
        for archived in archived.iter() {
            players.push(player::<A>(archived)?.owned()?);
        }
        Ok(Players { players })
    }
}
