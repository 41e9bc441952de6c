//! `player`: a header, the players, then their parts. Before each send, `score` of the player in the middle is stored.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 4 | n, the number of players |
//! | 4 | 4 | 0 |
//! | 8 + 208 i | 208 | player i |
//! | 8 + 208 n | | the parts, in the order of players and fields, each at a multiple of 8 |
//!
//! A player. What is not there is 0:
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
//! | 124 | 80 | the parts: offset from the player's start and length, 4 each: dimension, selected_item.id, spawn_dimension; the entities root_vehicle, shoulder_entity_left, shoulder_entity_right; inventory, ender_items; recipes, to_be_displayed |
//! | 204 | 4 | 0 |
//!
//! An entity: pos and motion, 24 each; rotation, 8; fall_distance, portal_cooldown, 4 each; uuid, 16; fire, air, 2 each; a byte of bits, the
//! flags in their order and whether there is a custom_name; three bytes of 0; where id ends, 4; then id and custom_name.
//!
//! A list: the number of its elements, 4; for each element, of an item count, slot, 0 and 0 first, then where its string ends, from the first
//! string's start, 4; then the strings.

use weft_guest::Encode;
use weft_guest::schemas::player::{Abilities, Entity, GameType, Item, Player, Players, RecipeBook, peek, scan};
use weft_guest::schemas::{Lazy, Outcome, Sequence, Status};

use crate::slots::{Slots, capacity, get, number, set};

const HEADER: usize = 8;
const PLAYER: usize = 208;
const PARTS: usize = 124;
const ENTITY: usize = 92;
const SELECTED_ITEM_ID: usize = 1;

/// The players in the outbox.
pub struct PlayerWire(Slots);

fn size(message: &Players) -> usize {
    let parts = |player: &Player| parts(player).iter().map(|part| part.len().next_multiple_of(8)).sum::<usize>();
    HEADER + message.players.iter().map(|player| PLAYER + parts(player)).sum::<usize>()
}

const fn place(i: usize) -> usize {
    HEADER + PLAYER * i
}

impl Encode for PlayerWire {
    type Message = Players;

    fn capacity(messages: &[Players]) -> usize {
        capacity(messages.iter().map(size))
    }

    fn start(outbox: &'static mut [u8], messages: &[Players]) -> Result<Self, Status> {
        Slots::build(outbox, messages, size, build).map(Self)
    }

    #[inline(always)]
    fn encode(&mut self, index: usize, message: &Players) -> Result<&[u8], Status> {
        let slot = self.0.get(index)?;
        let middle = message.players.len() / 2;
        if let Some(player) = message.players.get(middle) {
            set(slot, place(middle), player.score.to_le_bytes())?;
        }
        Ok(slot)
    }
}

fn build(message: &Players, slot: &mut [u8]) -> Result<(), Status> {
    set(slot, 0, (message.players.len() as u32).to_le_bytes())?;
    let mut free = place(message.players.len());
    for (i, player) in message.players.iter().enumerate() {
        let start = place(i);
        build_fixed(player, slot.get_mut(start..start + PLAYER).ok_or(Status::Capacity)?)?;
        for (nth, part) in parts(player).iter().enumerate() {
            let at = start + PARTS + 8 * nth;
            set(slot, at, ((free - start) as u32).to_le_bytes())?;
            set(slot, at + 4, (part.len() as u32).to_le_bytes())?;
            slot.get_mut(free..free + part.len()).ok_or(Status::Capacity)?.copy_from_slice(part);
            free += part.len().next_multiple_of(8);
        }
    }
    Ok(())
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

fn build_fixed(player: &Player, out: &mut [u8]) -> Result<(), Status> {
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
        set(out, 8 * i, integer.to_le_bytes())?;
    }
    for (i, float) in [x, y, z].into_iter().enumerate() {
        set(out, 32 + 8 * i, float.to_le_bytes())?;
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
        set(out, 56 + 4 * i, number.to_le_bytes())?;
    }
    set(out, 112, player.sleep_timer.to_le_bytes())?;
    let item = &player.selected_item;
    let bytes = [item.count as u8, item.slot, player.game_type.byte(), player.previous_game_type.byte(), 0, 0];
    set(out, 114, bytes)?;
    set(out, 120, bits.to_le_bytes())
}

/// The parts of a player, in the order of the layout.
fn parts(player: &Player) -> [Vec<u8>; 10] {
    let text = |text: &String| text.clone().into_bytes();
    let entity = |entity: &Option<Entity>| entity.as_ref().map(entity_part).unwrap_or_default();
    [
        text(&player.dimension),
        text(&player.selected_item.id),
        player.spawn_dimension.as_ref().map(text).unwrap_or_default(),
        player.root_vehicle.as_ref().map(|(_, entity)| entity_part(entity)).unwrap_or_default(),
        entity(&player.shoulder_entity_left),
        entity(&player.shoulder_entity_right),
        list_part(&player.inventory, |item| (vec![item.count as u8, item.slot, 0, 0], &item.id)),
        list_part(&player.ender_items, |item| (vec![item.count as u8, item.slot, 0, 0], &item.id)),
        list_part(&player.recipe_book.recipes, |text| (Vec::new(), text)),
        list_part(&player.recipe_book.to_be_displayed, |text| (Vec::new(), text)),
    ]
}

fn entity_part(entity: &Entity) -> Vec<u8> {
    let ((px, py, pz), (mx, my, mz), (yaw, pitch)) = (entity.pos, entity.motion, entity.rotation);
    let mut part: Vec<u8> = [px, py, pz, mx, my, mz].into_iter().flat_map(f64::to_le_bytes).collect();
    let [a, b, c, d] = entity.uuid;
    let (fall, cooldown) = (entity.fall_distance.to_bits(), entity.portal_cooldown as u32);
    let small = u32::from(entity.fire) | u32::from(entity.air) << 16;
    let bits = bits(entity.flags()) | u32::from(entity.custom_name.is_some()) << 6;
    let numbers = [yaw.to_bits(), pitch.to_bits(), fall, cooldown, a, b, c, d, small, bits, entity.id.len() as u32];
    part.extend(numbers.into_iter().flat_map(u32::to_le_bytes));
    part.extend(entity.id.bytes());
    part.extend(entity.custom_name.iter().flat_map(|name| name.bytes()));
    part
}

/// A list whose elements are what `element` says: their heads, and their strings.
fn list_part<T>(elements: &[T], element: impl Fn(&T) -> (Vec<u8>, &String)) -> Vec<u8> {
    let mut part = (elements.len() as u32).to_le_bytes().to_vec();
    let mut end = 0_u32;
    for (head, text) in elements.iter().map(&element) {
        end += text.len() as u32;
        part.extend(head);
        part.extend(end.to_le_bytes());
    }
    elements.iter().for_each(|it| part.extend(element(it).1.bytes()));
    part
}

impl PlayerWire {
    /// Reads three fields of the player in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let fields = Fields::of(bytes, len(bytes)? / 2)?;
        let score = i64::from_le_bytes(get(fields.fixed, 0)?);
        Ok(peek(score, fields.part(SELECTED_ITEM_ID, &mut 0)?, number(fields.fixed, 120)? >> 7 & 1 != 0))
    }

    /// Reads all players.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        let len = len(bytes)?;
        let mut free = place(len) as u64;
        scan((0..len).map(|i| read(bytes, i, &mut free)))
    }

    /// Builds the list of players, their strings checked.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Players, Status> {
        let len = len(bytes)?;
        let mut free = place(len) as u64;
        let mut players = Vec::with_capacity(len);
        for i in 0..len {
            players.push(read(bytes, i, &mut free)?.owned()?);
        }
        Ok(Players { players })
    }
}

/// The number of players, once they are known to lie in the message.
#[inline(always)]
fn len(bytes: &[u8]) -> Result<usize, Status> {
    let len = number(bytes, 0)? as usize;
    if len <= (bytes.len().saturating_sub(HEADER)) / PLAYER { Ok(len) } else { Err(Status::Malformed) }
}

/// A player's fixed fields, and where it lies in the message.
struct Fields<'a> {
    bytes: &'a [u8],
    fixed: &'a [u8; PLAYER],
    place: usize,
}

impl<'a> Fields<'a> {
    #[inline(always)]
    fn of(bytes: &'a [u8], i: usize) -> Result<Self, Status> {
        let place = place(i);
        let fixed = bytes.get(place..).and_then(<[u8]>::first_chunk).ok_or(Status::Malformed)?;
        Ok(Self { bytes, fixed, place })
    }

    #[inline(always)]
    fn number(&self, at: usize) -> Result<u32, Status> {
        number(self.fixed, at)
    }

    #[inline(always)]
    fn float(&self, at: usize) -> Result<f32, Status> {
        Ok(f32::from_bits(self.number(at)?))
    }

    #[inline(always)]
    fn wide(&self, at: usize) -> Result<i64, Status> {
        Ok(i64::from_le_bytes(get(self.fixed, at)?))
    }

    /// Part `nth`. It starts at `free` or behind it, and `free` moves to its end: parts are in order, so that no byte is read twice,
    /// however long they claim to be.
    #[inline(always)]
    fn part(&self, nth: usize, free: &mut u64) -> Result<&'a [u8], Status> {
        // Offset and length as one word, and sums of 64 bits, which cannot overflow.
        let pair = u64::from_le_bytes(get(self.fixed, PARTS + 8 * nth)?);
        let (start, len) = (self.place as u64 + (pair & 0xffff_ffff), pair >> 32);
        if start < *free || start + len > self.bytes.len() as u64 {
            return Err(Status::Malformed);
        }
        *free = start + len;
        self.bytes.get(start as usize..).and_then(|rest| rest.get(..len as usize)).ok_or(Status::Malformed)
    }

    /// Part `nth` where it is there; where it is not, it is empty.
    #[inline(always)]
    fn option(&self, nth: usize, there: bool, free: &mut u64) -> Result<Option<&'a [u8]>, Status> {
        match self.part(nth, free)? {
            part if there => Ok(Some(part)),
            [] => Ok(None),
            _ => Err(Status::Malformed),
        }
    }

    #[inline(always)]
    fn entity(&self, nth: usize, there: bool, free: &mut u64) -> Result<Option<Entity<&'a [u8]>>, Status> {
        self.option(nth, there, free)?.map(read_entity).transpose()
    }
}

#[inline(always)]
#[allow(clippy::type_complexity, reason = "the types of lists that are read where they lie have no names")]
fn read<'a>(
    bytes: &'a [u8],
    i: usize,
    free: &mut u64,
) -> Result<Player<&'a [u8], impl Sequence<Item<&'a [u8]>> + use<'a>, impl Sequence<&'a [u8]> + use<'a>>, Status> {
    let fields = Fields::of(bytes, i)?;
    let fixed = fields.fixed;
    let bits = fields.number(120)?;
    let [spawn, forced, forced_value, nether, vehicle, left, right, seen_credits] = flags(bits);
    let [may_fly, flying, invulnerable, may_build, instabuild] = flags(bits >> 8);
    let uuid = [fields.number(96)?, fields.number(100)?, fields.number(104)?, fields.number(108)?];
    let (dimension, id) = (fields.part(0, free)?, fields.part(SELECTED_ITEM_ID, free)?);
    let spawn_dimension = fields.option(2, spawn, free)?;
    let root_vehicle = fields.entity(3, vehicle, free)?.map(|entity| (uuid, entity));
    let (left, right) = (fields.entity(4, left, free)?, fields.entity(5, right, free)?);
    let (inventory, ender_items) = (read_items(fields.part(6, free)?)?, read_items(fields.part(7, free)?)?);
    let (recipes, displayed) = (read_texts(fields.part(8, free)?)?, read_texts(fields.part(9, free)?)?);
    Ok(Player {
        game_type: GameType::from_byte(fixed[116])?,
        previous_game_type: GameType::from_byte(fixed[117])?,
        score: fields.wide(0)?,
        dimension,
        selected_item_slot: fields.number(56)?,
        selected_item: Item { count: fixed[114] as i8, slot: fixed[115], id },
        spawn_dimension,
        spawn_x: fields.wide(8)?,
        spawn_y: fields.wide(16)?,
        spawn_z: fields.wide(24)?,
        spawn_forced: forced.then_some(forced_value),
        sleep_timer: u16::from_le_bytes(get(fixed, 112)?),
        food_exhaustion_level: fields.float(64)?,
        food_saturation_level: fields.float(68)?,
        food_tick_timer: fields.number(60)?,
        xp_level: fields.number(72)?,
        xp_p: fields.float(76)?,
        xp_total: fields.number(80)? as i32,
        xp_seed: fields.number(84)? as i32,
        inventory,
        ender_items,
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
        root_vehicle,
        shoulder_entity_left: left,
        shoulder_entity_right: right,
        seen_credits,
        recipe_book: RecipeBook::of(recipes, displayed, flags(bits >> 16)),
    })
}

#[inline(always)]
fn read_position(bytes: &[u8], at: usize) -> Result<(f64, f64, f64), Status> {
    let float = |at| Ok::<f64, Status>(f64::from_le_bytes(get(bytes, at)?));
    Ok((float(at)?, float(at + 8)?, float(at + 16)?))
}

fn read_entity(bytes: &[u8]) -> Result<Entity<&[u8]>, Status> {
    let (fixed, strings) = bytes.split_first_chunk::<ENTITY>().ok_or(Status::Malformed)?;
    let (id, name) = strings.split_at_checked(number(fixed, ENTITY - 4)? as usize).ok_or(Status::Malformed)?;
    let [on_ground, no_gravity, invulnerable, custom_name_visible, silent, glowing, named] = flags(number(fixed, 84)?);
    if !named && !name.is_empty() {
        return Err(Status::Malformed);
    }
    Ok(Entity {
        id,
        pos: read_position(fixed, 0)?,
        motion: read_position(fixed, 24)?,
        rotation: (f32::from_bits(number(fixed, 48)?), f32::from_bits(number(fixed, 52)?)),
        fall_distance: f32::from_bits(number(fixed, 56)?),
        fire: number(fixed, 80)? as u16,
        air: (number(fixed, 80)? >> 16) as u16,
        on_ground,
        no_gravity,
        invulnerable,
        portal_cooldown: number(fixed, 60)? as i32,
        uuid: [number(fixed, 64)?, number(fixed, 68)?, number(fixed, 72)?, number(fixed, 76)?],
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
    let end = heads.last().map_or(Ok(0), |head| number(head, N - 4))? as usize;
    if end == strings.len() { Ok((heads, strings)) } else { Err(Status::Malformed) }
}

/// A head, and its string.
type Element<'a, const N: usize> = Result<(&'a [u8; N], &'a [u8]), Status>;

/// Each head, and its string.
#[inline(always)]
fn elements<const N: usize>(part: &[u8]) -> Result<impl Iterator<Item = Element<'_, N>> + Clone, Status> {
    let (heads, strings) = list::<N>(part)?;
    Ok(heads.iter().scan(0, move |start, head| {
        let string = number(head, N - 4).and_then(|end| {
            let end = end as usize;
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
