//! What is done with a player and its parts, whatever their strings and lists are: digests, owned values.

use super::types::{Abilities, Entity, Item, Player, RecipeBook};
use crate::{Digest, Lazy, Sequence, Status, Text};

/// Bits, the first the lowest.
#[inline(always)]
fn bits<const N: usize>(flags: [bool; N]) -> u64 {
    flags.iter().rev().fold(0, |bits, &flag| bits << 1 | u64::from(flag))
}

#[inline(always)]
fn position(digest: &mut Digest, (x, y, z): (f64, f64, f64)) {
    digest.word(x.to_bits());
    digest.word(y.to_bits());
    digest.word(z.to_bits());
}

impl<S: Text> Item<S> {
    fn owned(self) -> Result<Item, Status> {
        Ok(Item { count: self.count, slot: self.slot, id: self.id.into_owned()? })
    }

    fn borrowed(&self) -> Item<&[u8]> {
        Item { count: self.count, slot: self.slot, id: self.id.bytes() }
    }

    #[inline(always)]
    fn take_into(&self, digest: &mut Digest) {
        digest.word(u64::from(self.count as u8) | u64::from(self.slot) << 8);
        digest.text(&self.id);
    }
}

impl Abilities {
    /// The flags in the order of the fields.
    #[inline(always)]
    pub const fn flags(&self) -> [bool; 5] {
        [self.may_fly, self.flying, self.invulnerable, self.may_build, self.instabuild]
    }
}

impl<S> Entity<S> {
    /// The entity with other strings.
    #[inline(always)]
    fn with<T>(&self, id: T, custom_name: Option<T>) -> Entity<T> {
        Entity {
            id,
            pos: self.pos,
            motion: self.motion,
            rotation: self.rotation,
            fall_distance: self.fall_distance,
            fire: self.fire,
            air: self.air,
            on_ground: self.on_ground,
            no_gravity: self.no_gravity,
            invulnerable: self.invulnerable,
            portal_cooldown: self.portal_cooldown,
            uuid: self.uuid,
            custom_name,
            custom_name_visible: self.custom_name_visible,
            silent: self.silent,
            glowing: self.glowing,
        }
    }

    /// The flags in the order of the fields.
    #[inline(always)]
    pub const fn flags(&self) -> [bool; 6] {
        let Self { on_ground, no_gravity, invulnerable, custom_name_visible, silent, glowing, .. } = self;
        [*on_ground, *no_gravity, *invulnerable, *custom_name_visible, *silent, *glowing]
    }
}

impl<S: Text> Entity<S> {
    fn owned(self) -> Result<Entity, Status> {
        let rest = self.with((), None);
        let name = self.custom_name.map(Text::into_owned).transpose()?;
        Ok(rest.with(self.id.into_owned()?, name))
    }

    fn borrowed(&self) -> Entity<&[u8]> {
        self.with(self.id.bytes(), self.custom_name.as_ref().map(Text::bytes))
    }

    fn take_into(&self, digest: &mut Digest) {
        let flags = u64::from(self.fire) | u64::from(self.air) << 16 | bits(self.flags()) << 32;
        position(digest, self.pos);
        position(digest, self.motion);
        digest.pair(self.rotation.0.to_bits(), self.rotation.1.to_bits());
        digest.pair(self.fall_distance.to_bits(), self.portal_cooldown as u32);
        digest.word(flags);
        uuid(digest, self.uuid);
        digest.text(&self.id);
        digest.option(self.custom_name.as_ref(), Digest::text);
    }
}

#[inline(always)]
fn uuid(digest: &mut Digest, [a, b, c, d]: [u32; 4]) {
    digest.pair(a, b);
    digest.pair(c, d);
}

impl<T> RecipeBook<T> {
    /// The flags in the order of the fields.
    #[inline(always)]
    pub const fn flags(&self) -> [bool; 8] {
        [
            self.is_filtering_craftable,
            self.is_gui_open,
            self.is_furnace_filtering_craftable,
            self.is_furnace_gui_open,
            self.is_blasting_furnace_filtering_craftable,
            self.is_blasting_furnace_gui_open,
            self.is_smoker_filtering_craftable,
            self.is_smoker_gui_open,
        ]
    }

    /// The book with these lists, and flags in the order of the fields.
    #[inline(always)]
    pub const fn of(recipes: T, to_be_displayed: T, flags: [bool; 8]) -> Self {
        let [craftable, gui, furnace, furnace_gui, blasting, blasting_gui, smoker, smoker_gui] = flags;
        Self {
            recipes,
            to_be_displayed,
            is_filtering_craftable: craftable,
            is_gui_open: gui,
            is_furnace_filtering_craftable: furnace,
            is_furnace_gui_open: furnace_gui,
            is_blasting_furnace_filtering_craftable: blasting,
            is_blasting_furnace_gui_open: blasting_gui,
            is_smoker_filtering_craftable: smoker,
            is_smoker_gui_open: smoker_gui,
        }
    }
}

impl<S: Text, I: Sequence<Item<S>>, T: Sequence<S>> Player<S, I, T> {
    /// The owned player, its strings checked.
    ///
    /// # Errors
    /// [`Status::InvalidText`] where a string is not UTF-8, and those of the lists.
    #[inline(always)]
    pub fn owned(self) -> Result<Player, Status> {
        let vehicle = self.root_vehicle.map(|(uuid, entity)| Ok((uuid, entity.owned()?)));
        let flags = self.recipe_book.flags();
        // In the order of the digest, so that of several errors both find the same.
        let (inventory, ender_items) = (self.inventory.made(Item::owned)?, self.ender_items.made(Item::owned)?);
        let recipes = self.recipe_book.recipes.made(Text::into_owned)?;
        let displayed = self.recipe_book.to_be_displayed.made(Text::into_owned)?;
        Ok(Player {
            game_type: self.game_type,
            previous_game_type: self.previous_game_type,
            score: self.score,
            dimension: self.dimension.into_owned()?,
            selected_item_slot: self.selected_item_slot,
            selected_item: self.selected_item.owned()?,
            spawn_dimension: self.spawn_dimension.map(Text::into_owned).transpose()?,
            spawn_x: self.spawn_x,
            spawn_y: self.spawn_y,
            spawn_z: self.spawn_z,
            spawn_forced: self.spawn_forced,
            sleep_timer: self.sleep_timer,
            food_exhaustion_level: self.food_exhaustion_level,
            food_saturation_level: self.food_saturation_level,
            food_tick_timer: self.food_tick_timer,
            xp_level: self.xp_level,
            xp_p: self.xp_p,
            xp_total: self.xp_total,
            xp_seed: self.xp_seed,
            inventory,
            ender_items,
            abilities: self.abilities,
            entered_nether_position: self.entered_nether_position,
            root_vehicle: vehicle.transpose()?,
            shoulder_entity_left: self.shoulder_entity_left.map(Entity::owned).transpose()?,
            shoulder_entity_right: self.shoulder_entity_right.map(Entity::owned).transpose()?,
            seen_credits: self.seen_credits,
            recipe_book: RecipeBook::of(recipes, displayed, flags),
        })
    }

    #[inline(always)]
    pub(super) fn take_into(&self, digest: &mut Digest) -> Result<(), Status> {
        self.take_numbers_into(digest);
        digest.text(&self.dimension);
        digest.option(self.spawn_dimension.as_ref(), Digest::text);
        self.selected_item.take_into(digest);
        digest.option(self.entered_nether_position, position);
        digest.option(self.root_vehicle.as_ref(), |digest, (vehicle, entity)| {
            uuid(digest, *vehicle);
            entity.take_into(digest);
        });
        for entity in [&self.shoulder_entity_left, &self.shoulder_entity_right] {
            digest.option(entity.as_ref(), |digest, entity| entity.take_into(digest));
        }
        for items in [&self.inventory, &self.ender_items] {
            let count = items.each(|item| {
                item.take_into(digest);
                Ok(())
            })?;
            digest.word(count);
        }
        for texts in [&self.recipe_book.recipes, &self.recipe_book.to_be_displayed] {
            let count = texts.each(|text| {
                digest.text(text);
                Ok(())
            })?;
            digest.word(count);
        }
        Ok(())
    }

    #[inline(always)]
    fn take_numbers_into(&self, digest: &mut Digest) {
        let Abilities { walk_speed, fly_speed, .. } = self.abilities;
        let forced = self.spawn_forced.map_or(0, |forced| 1 + u64::from(forced));
        let flags = bits(self.abilities.flags()) | bits(self.recipe_book.flags()) << 8;
        let small = u64::from(self.game_type.byte()) | u64::from(self.previous_game_type.byte()) << 8 | forced << 16;
        digest.word(self.score as u64);
        digest.word(self.spawn_x as u64);
        digest.word(self.spawn_y as u64);
        digest.word(self.spawn_z as u64);
        digest.word(small | u64::from(self.seen_credits) << 24 | u64::from(self.sleep_timer) << 32 | flags << 48);
        digest.pair(self.selected_item_slot, self.food_tick_timer);
        digest.pair(self.food_exhaustion_level.to_bits(), self.food_saturation_level.to_bits());
        digest.pair(self.xp_level, self.xp_p.to_bits());
        digest.pair(self.xp_total as u32, self.xp_seed as u32);
        digest.pair(walk_speed.to_bits(), fly_speed.to_bits());
    }
}

#[inline(always)]
fn items(items: &[Item]) -> impl Sequence<Item<&[u8]>> {
    Lazy(items.iter().map(|item| Ok(item.borrowed())))
}

#[inline(always)]
fn texts(texts: &[String]) -> impl Sequence<&[u8]> {
    Lazy(texts.iter().map(|text| Ok(text.as_bytes())))
}

impl Player {
    /// The player as plain bytes, not known to be UTF-8; its lists are read where they lie.
    #[inline(always)]
    pub(super) fn borrowed(&self) -> Player<&[u8], impl Sequence<Item<&[u8]>>, impl Sequence<&[u8]>> {
        let book = &self.recipe_book;
        Player {
            game_type: self.game_type,
            previous_game_type: self.previous_game_type,
            score: self.score,
            dimension: self.dimension.as_bytes(),
            selected_item_slot: self.selected_item_slot,
            selected_item: self.selected_item.borrowed(),
            spawn_dimension: self.spawn_dimension.as_ref().map(String::as_bytes),
            spawn_x: self.spawn_x,
            spawn_y: self.spawn_y,
            spawn_z: self.spawn_z,
            spawn_forced: self.spawn_forced,
            sleep_timer: self.sleep_timer,
            food_exhaustion_level: self.food_exhaustion_level,
            food_saturation_level: self.food_saturation_level,
            food_tick_timer: self.food_tick_timer,
            xp_level: self.xp_level,
            xp_p: self.xp_p,
            xp_total: self.xp_total,
            xp_seed: self.xp_seed,
            inventory: items(&self.inventory),
            ender_items: items(&self.ender_items),
            abilities: self.abilities,
            entered_nether_position: self.entered_nether_position,
            root_vehicle: self.root_vehicle.as_ref().map(|(uuid, entity)| (*uuid, entity.borrowed())),
            shoulder_entity_left: self.shoulder_entity_left.as_ref().map(Entity::borrowed),
            shoulder_entity_right: self.shoulder_entity_right.as_ref().map(Entity::borrowed),
            seen_credits: self.seen_credits,
            recipe_book: RecipeBook::of(texts(&book.recipes), texts(&book.to_be_displayed), book.flags()),
        }
    }
}
