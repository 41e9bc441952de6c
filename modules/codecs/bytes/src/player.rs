//! `player`: a table of offsets, as in `log`, then the players.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 4 | n, the number of players |
//! | 4 | 4 (n + 1) | where each player starts, from the message's start, and where the last one ends: the message's end |
//!
//! A player starts where the one before it ends. What is not there is 0:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 32 | score; spawn_x, spawn_y, spawn_z, 8 each |
//! | 32 | 24 | entered_nether_position |
//! | 56 | 8 | selected_item_slot, food_tick_timer |
//! | 64 | 8 | food_exhaustion_level, food_saturation_level |
//! | 72 | 16 | xp_level, xp_p, xp_total, xp_seed |
//! | 88 | 8 | abilities: walk_speed, fly_speed |
//! | 96 | 16 | the UUID of root_vehicle |
//! | 112 | 2 | sleep_timer |
//! | 114 | 2 | selected_item: count, slot |
//! | 116 | 4 | game_type, previous_game_type; 0, 0 |
//! | 120 | 4 | bits: whether there is a spawn_dimension, spawn_forced, its value, whether there is an entered_nether_position, root_vehicle, shoulder_entity_left, shoulder_entity_right; seen_credits; from bit 8 the flags of abilities, from bit 16 those of recipe_book |
//! | 124 | 40 | where each part ends, from the first part's start, 4 each |
//! | 164 | | the parts: dimension, selected_item.id, spawn_dimension; the entities root_vehicle, shoulder_entity_left, shoulder_entity_right; inventory, ender_items; recipes, to_be_displayed |
//!
//! An entity: pos and motion, 24 each; rotation, 8; fall_distance, portal_cooldown, 4 each; uuid, 16; fire, air, 2 each; a byte of bits, the
//! flags in their order and whether there is a custom_name; three bytes of 0; where id ends, 4; then id and custom_name.
//!
//! A list: the number of its elements, 4; for each element, of an item count, slot, 0 and 0 first, then where its string ends, from the first
//! string's start, 4; then the strings.

use weft_guest::Encode;
use weft_guest::schemas::player::{Abilities, Entity, GameType, Item, Player, Players, RecipeBook, peek, scan};
use weft_guest::schemas::{Lazy, Outcome, Sequence, Status};

use crate::wire::{Writer, array, usize_at};

const ENDS: usize = 124;
const PARTS: usize = 164;
const ENTITY: usize = 92;
const SELECTED_ITEM_ID: usize = 1;

/// A list of players' writer.
pub struct PlayerWire(&'static mut [u8]);

impl Encode for PlayerWire {
    type Message = Players;

    fn capacity(messages: &[Players]) -> usize {
        let size = |message: &Players| 8 + message.players.iter().map(|player| 4 + size(player)).sum::<usize>();
        messages.iter().map(size).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[Players]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, message: &Players) -> Result<&[u8], Status> {
        let players = &message.players;
        let mut out = Writer::new(self.0);
        out.put((players.len() as u32).to_le_bytes())?;
        let table = out.skip(4 * (players.len() + 1))?;
        for (i, player) in players.iter().enumerate() {
            out.set(table + 4 * i, (out.len() as u32).to_le_bytes())?;
            write(&mut out, player)?;
        }
        out.set(table + 4 * players.len(), (out.len() as u32).to_le_bytes())?;
        out.finish()
    }
}

/// The bytes of a player.
fn size(player: &Player) -> usize {
    let entity = |entity: &Entity| ENTITY + entity.id.len() + entity.custom_name.as_ref().map_or(0, String::len);
    let items = |items: &[Item]| 4 + items.iter().map(|item| 8 + item.id.len()).sum::<usize>();
    let texts = |texts: &[String]| 4 + texts.iter().map(|text| 4 + text.len()).sum::<usize>();
    let entities = player.root_vehicle.iter().map(|(_, entity)| entity);
    let entities = entities.chain(&player.shoulder_entity_left).chain(&player.shoulder_entity_right);
    let spawn = player.spawn_dimension.as_ref().map_or(0, String::len);
    PARTS
        + player.dimension.len()
        + player.selected_item.id.len()
        + spawn
        + entities.map(entity).sum::<usize>()
        + items(&player.inventory)
        + items(&player.ender_items)
        + texts(&player.recipe_book.recipes)
        + texts(&player.recipe_book.to_be_displayed)
}

/// Bits, the first the lowest.
#[inline(always)]
fn bits<const N: usize>(flags: [bool; N]) -> u32 {
    flags.iter().rev().fold(0, |bits, &flag| bits << 1 | u32::from(flag))
}

/// The lowest bits, the first the lowest.
#[inline(always)]
fn flags<const N: usize>(bits: u32) -> [bool; N] {
    core::array::from_fn(|at| bits >> at & 1 != 0)
}

#[inline(always)]
fn write(out: &mut Writer<'_>, player: &Player) -> Result<(), Status> {
    let fixed = out.skip(PARTS)?;
    let start = out.len();
    write_numbers(out, fixed, player)?;
    let mut part = 0;
    let mut end = |out: &mut Writer<'_>| {
        part += 1;
        out.set(fixed + ENDS + 4 * (part - 1), ((out.len() - start) as u32).to_le_bytes())
    };
    for text in [&player.dimension, &player.selected_item.id, player.spawn_dimension.as_ref().unwrap_or(&String::new())]
    {
        out.bytes(text.as_bytes())?;
        end(out)?;
    }
    let vehicle = player.root_vehicle.as_ref().map(|(_, entity)| entity);
    for entity in [vehicle, player.shoulder_entity_left.as_ref(), player.shoulder_entity_right.as_ref()] {
        entity.map_or(Ok(()), |entity| write_entity(out, entity))?;
        end(out)?;
    }
    for items in [&player.inventory, &player.ender_items] {
        write_items(out, items)?;
        end(out)?;
    }
    for texts in [&player.recipe_book.recipes, &player.recipe_book.to_be_displayed] {
        write_texts(out, texts)?;
        end(out)?;
    }
    Ok(())
}

#[inline(always)]
fn write_numbers(out: &mut Writer<'_>, at: usize, player: &Player) -> Result<(), Status> {
    let (x, y, z) = player.entered_nether_position.unwrap_or_default();
    let [a, b, c, d] = player.root_vehicle.as_ref().map_or([0; 4], |(uuid, _)| *uuid);
    let Abilities { walk_speed, fly_speed, .. } = player.abilities;
    let bits = bits([
        player.spawn_dimension.is_some(),
        player.spawn_forced.is_some(),
        player.spawn_forced.unwrap_or(false),
        player.entered_nether_position.is_some(),
        player.root_vehicle.is_some(),
        player.shoulder_entity_left.is_some(),
        player.shoulder_entity_right.is_some(),
        player.seen_credits,
    ]) | bits(player.abilities.flags()) << 8
        | bits(player.recipe_book.flags()) << 16;
    let integers = [player.score, player.spawn_x, player.spawn_y, player.spawn_z];
    for (i, integer) in integers.into_iter().enumerate() {
        out.set(at + 8 * i, integer.to_le_bytes())?;
    }
    for (i, float) in [x, y, z].into_iter().enumerate() {
        out.set(at + 32 + 8 * i, float.to_le_bytes())?;
    }
    let numbers = [
        player.selected_item_slot,
        player.food_tick_timer,
        player.food_exhaustion_level.to_bits(),
        player.food_saturation_level.to_bits(),
        player.xp_level,
        player.xp_p.to_bits(),
        player.xp_total as u32,
        player.xp_seed as u32,
        walk_speed.to_bits(),
        fly_speed.to_bits(),
        a,
        b,
        c,
        d,
    ];
    for (i, number) in numbers.into_iter().enumerate() {
        out.set(at + 56 + 4 * i, number.to_le_bytes())?;
    }
    out.set(at + 112, player.sleep_timer.to_le_bytes())?;
    let item = &player.selected_item;
    let bytes = [item.count as u8, item.slot, player.game_type.byte(), player.previous_game_type.byte(), 0, 0];
    out.set(at + 114, bytes)?;
    out.set(at + 120, bits.to_le_bytes())
}

fn write_entity(out: &mut Writer<'_>, entity: &Entity) -> Result<(), Status> {
    let mut fixed = [0; ENTITY];
    let ((px, py, pz), (mx, my, mz)) = (entity.pos, entity.motion);
    for (place, float) in fixed.as_chunks_mut::<8>().0.iter_mut().zip([px, py, pz, mx, my, mz]) {
        *place = float.to_le_bytes();
    }
    let [a, b, c, d] = entity.uuid;
    let (yaw, pitch) = entity.rotation;
    let (fall, cooldown) = (entity.fall_distance.to_bits(), entity.portal_cooldown as u32);
    let small = u32::from(entity.fire) | u32::from(entity.air) << 16;
    let bits = bits(entity.flags()) | u32::from(entity.custom_name.is_some()) << 6;
    let numbers = [yaw.to_bits(), pitch.to_bits(), fall, cooldown, a, b, c, d, small, bits, entity.id.len() as u32];
    for (place, number) in fixed[48..].as_chunks_mut::<4>().0.iter_mut().zip(numbers) {
        *place = number.to_le_bytes();
    }
    out.put(fixed)?;
    out.bytes(entity.id.as_bytes())?;
    entity.custom_name.as_ref().map_or(Ok(()), |name| out.bytes(name.as_bytes()))
}

#[inline(always)]
fn write_items(out: &mut Writer<'_>, items: &[Item]) -> Result<(), Status> {
    out.put((items.len() as u32).to_le_bytes())?;
    let mut end = 0_u32;
    for item in items {
        end += item.id.len() as u32;
        let [a, b, c, d] = end.to_le_bytes();
        out.put([item.count as u8, item.slot, 0, 0, a, b, c, d])?;
    }
    items.iter().try_for_each(|item| out.bytes(item.id.as_bytes()))
}

#[inline(always)]
fn write_texts(out: &mut Writer<'_>, texts: &[String]) -> Result<(), Status> {
    out.put((texts.len() as u32).to_le_bytes())?;
    let mut end = 0_u32;
    for text in texts {
        end += text.len() as u32;
        out.put(end.to_le_bytes())?;
    }
    texts.iter().try_for_each(|text| out.bytes(text.as_bytes()))
}

impl PlayerWire {
    /// Reads three fields of the player in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let table = Table::of(bytes)?;
        let fields = Fields::of(table.player(table.len / 2)?)?;
        let score = i64::from_le_bytes(array(fields.fixed, 0)?);
        Ok(peek(score, fields.part(SELECTED_ITEM_ID)?, fields.bits()? >> 7 & 1 != 0))
    }

    /// Reads all players.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        let table = Table::of(bytes)?;
        scan((0..table.len).map(|i| read(table.player(i)?)))
    }

    /// Builds the list of players, their strings checked.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Players, Status> {
        let table = Table::of(bytes)?;
        let mut players = Vec::with_capacity(table.len);
        for i in 0..table.len {
            players.push(read(table.player(i)?)?.owned()?);
        }
        Ok(Players { players })
    }
}

/// Where the players are.
struct Table<'a> {
    bytes: &'a [u8],
    len: usize,
}

impl<'a> Table<'a> {
    /// The table of a message, once it is known to lie in it.
    #[inline(always)]
    fn of(bytes: &'a [u8]) -> Result<Self, Status> {
        let len = usize_at(bytes, 0)?;
        // No more players than there is room for, so that nobody allocates for what is not there.
        if len > bytes.len() / (4 + PARTS) {
            return Err(Status::Malformed);
        }
        // Exact ends on both sides: players lie one after the other, and none is hidden.
        if usize_at(bytes, 4)? != 4 * (len + 2) || usize_at(bytes, 4 + 4 * len)? != bytes.len() {
            return Err(Status::Malformed);
        }
        Ok(Self { bytes, len })
    }

    #[inline(always)]
    fn player(&self, i: usize) -> Result<&'a [u8], Status> {
        if i >= self.len {
            return Err(Status::Malformed);
        }
        let (start, end) = (usize_at(self.bytes, 4 + 4 * i)?, usize_at(self.bytes, 8 + 4 * i)?);
        self.bytes.get(start..end).ok_or(Status::Malformed)
    }
}

/// A player's fixed fields and its parts.
struct Fields<'a> {
    fixed: &'a [u8; PARTS],
    parts: &'a [u8],
}

impl<'a> Fields<'a> {
    #[inline(always)]
    fn of(player: &'a [u8]) -> Result<Self, Status> {
        let (fixed, parts) = player.split_first_chunk().ok_or(Status::Malformed)?;
        Ok(Self { fixed, parts })
    }

    #[inline(always)]
    fn bits(&self) -> Result<u32, Status> {
        self.number(120)
    }

    #[inline(always)]
    fn number(&self, at: usize) -> Result<u32, Status> {
        Ok(u32::from_le_bytes(array(self.fixed, at)?))
    }

    #[inline(always)]
    fn float(&self, at: usize) -> Result<f32, Status> {
        Ok(f32::from_bits(self.number(at)?))
    }

    #[inline(always)]
    fn wide(&self, at: usize) -> Result<i64, Status> {
        Ok(i64::from_le_bytes(array(self.fixed, at)?))
    }

    /// Part `i`. The parts lie one after the other.
    #[inline(always)]
    fn part(&self, i: usize) -> Result<&'a [u8], Status> {
        let start = if i == 0 { 0 } else { usize_at(self.fixed, ENDS + 4 * i - 4)? };
        self.parts.get(start..usize_at(self.fixed, ENDS + 4 * i)?).ok_or(Status::Malformed)
    }

    /// Part `i` where it is there; where it is not, it is empty.
    #[inline(always)]
    fn option(&self, i: usize, there: bool) -> Result<Option<&'a [u8]>, Status> {
        match self.part(i)? {
            part if there => Ok(Some(part)),
            [] => Ok(None),
            _ => Err(Status::Malformed),
        }
    }

    #[inline(always)]
    fn entity(&self, i: usize, there: bool) -> Result<Option<Entity<&'a [u8]>>, Status> {
        self.option(i, there)?.map(read_entity).transpose()
    }
}

#[inline(always)]
#[allow(clippy::type_complexity, reason = "the types of lists that are read where they lie have no names")]
fn read(player: &[u8]) -> Result<Player<&[u8], impl Sequence<Item<&[u8]>>, impl Sequence<&[u8]>>, Status> {
    let fields = Fields::of(player)?;
    let fixed = fields.fixed;
    if usize_at(fixed, PARTS - 4)? != fields.parts.len() {
        return Err(Status::Malformed);
    }
    let bits = fields.bits()?;
    let [spawn, forced, forced_value, nether, vehicle, left, right, seen_credits] = flags(bits);
    let [may_fly, flying, invulnerable, may_build, instabuild] = flags(bits >> 8);
    let uuid = [fields.number(96)?, fields.number(100)?, fields.number(104)?, fields.number(108)?];
    Ok(Player {
        game_type: GameType::from_byte(fixed[116])?,
        previous_game_type: GameType::from_byte(fixed[117])?,
        score: fields.wide(0)?,
        dimension: fields.part(0)?,
        selected_item_slot: fields.number(56)?,
        selected_item: Item { count: fixed[114] as i8, slot: fixed[115], id: fields.part(SELECTED_ITEM_ID)? },
        spawn_dimension: fields.option(2, spawn)?,
        spawn_x: fields.wide(8)?,
        spawn_y: fields.wide(16)?,
        spawn_z: fields.wide(24)?,
        spawn_forced: forced.then_some(forced_value),
        sleep_timer: u16::from_le_bytes(array(fixed, 112)?),
        food_exhaustion_level: fields.float(64)?,
        food_saturation_level: fields.float(68)?,
        food_tick_timer: fields.number(60)?,
        xp_level: fields.number(72)?,
        xp_p: fields.float(76)?,
        xp_total: fields.number(80)? as i32,
        xp_seed: fields.number(84)? as i32,
        inventory: read_items(fields.part(6)?)?,
        ender_items: read_items(fields.part(7)?)?,
        abilities: Abilities {
            walk_speed: fields.float(88)?,
            fly_speed: fields.float(92)?,
            may_fly,
            flying,
            invulnerable,
            may_build,
            instabuild,
        },
        entered_nether_position: nether.then(|| read_position(fixed, 32)).transpose()?,
        root_vehicle: fields.entity(3, vehicle)?.map(|entity| (uuid, entity)),
        shoulder_entity_left: fields.entity(4, left)?,
        shoulder_entity_right: fields.entity(5, right)?,
        seen_credits,
        recipe_book: RecipeBook::of(read_texts(fields.part(8)?)?, read_texts(fields.part(9)?)?, flags(bits >> 16)),
    })
}

#[inline(always)]
fn read_position(bytes: &[u8], at: usize) -> Result<(f64, f64, f64), Status> {
    let float = |at| Ok::<f64, Status>(f64::from_le_bytes(array(bytes, at)?));
    Ok((float(at)?, float(at + 8)?, float(at + 16)?))
}

fn read_entity(bytes: &[u8]) -> Result<Entity<&[u8]>, Status> {
    let (fixed, strings) = bytes.split_first_chunk::<ENTITY>().ok_or(Status::Malformed)?;
    let number = |at| Ok::<u32, Status>(u32::from_le_bytes(array(fixed, at)?));
    let (id, name) = strings.split_at_checked(usize_at(fixed, ENTITY - 4)?).ok_or(Status::Malformed)?;
    let [on_ground, no_gravity, invulnerable, custom_name_visible, silent, glowing, named] = flags(number(84)?);
    if !named && !name.is_empty() {
        return Err(Status::Malformed);
    }
    Ok(Entity {
        id,
        pos: read_position(fixed, 0)?,
        motion: read_position(fixed, 24)?,
        rotation: (f32::from_bits(number(48)?), f32::from_bits(number(52)?)),
        fall_distance: f32::from_bits(number(56)?),
        fire: number(80)? as u16,
        air: (number(80)? >> 16) as u16,
        on_ground,
        no_gravity,
        invulnerable,
        portal_cooldown: number(60)? as i32,
        uuid: [number(64)?, number(68)?, number(72)?, number(76)?],
        custom_name: named.then_some(name),
        custom_name_visible,
        silent,
        glowing,
    })
}

/// The heads of a list's elements, of `N` bytes each that end with where the element's string ends, and the strings.
#[inline(always)]
fn list<const N: usize>(part: &[u8]) -> Result<(&[[u8; N]], &[u8]), Status> {
    let (len, rest) = part.split_first_chunk::<4>().ok_or(Status::Malformed)?;
    let bytes = (u32::from_le_bytes(*len) as usize).checked_mul(N).ok_or(Status::Malformed)?;
    let (heads, strings) = rest.split_at_checked(bytes).ok_or(Status::Malformed)?;
    let (heads, _) = heads.as_chunks();
    // Strings lie one after the other, and none is hidden.
    let end = heads.last().map_or(Ok(0), |head| usize_at(head, N - 4))?;
    if end == strings.len() { Ok((heads, strings)) } else { Err(Status::Malformed) }
}

/// A head, and its string.
type Element<'a, const N: usize> = Result<(&'a [u8; N], &'a [u8]), Status>;

/// Each head, and its string.
#[inline(always)]
fn elements<const N: usize>(part: &[u8]) -> Result<impl Iterator<Item = Element<'_, N>> + Clone, Status> {
    let (heads, strings) = list::<N>(part)?;
    Ok(heads.iter().scan(0, move |start, head| {
        let string = usize_at(head, N - 4).and_then(|end| {
            let string = strings.get(*start..end).ok_or(Status::Malformed)?;
            *start = end;
            Ok((head, string))
        });
        Some(string)
    }))
}

#[inline(always)]
fn read_items(part: &[u8]) -> Result<impl Sequence<Item<&[u8]>>, Status> {
    let item = |element| {
        let (&[count, slot, ..], id): (&[u8; 8], &[u8]) = element?;
        Ok(Item { count: count as i8, slot, id })
    };
    Ok(Lazy(elements::<8>(part)?.map(item)))
}

#[inline(always)]
fn read_texts(part: &[u8]) -> Result<impl Sequence<&[u8]>, Status> {
    Ok(Lazy(elements::<4>(part)?.map(|element| element.map(|(_, text)| text))))
}
