//! Players from random numbers, from watermarks, and at the ends of what they hold.

use super::{Abilities, Entity, GameType, Item, Player, RecipeBook};
use crate::{Random, WILD, Watermark, edges};

const DIMENSIONS: &[&str] = &["overworld", "nether", "end"];
const ITEMS: &[&str] = &["dirt", "stone", "pickaxe", "sand", "gravel", "shovel", "chestplate", "steak"];
const RECIPES: &[&str] = &["pickaxe", "torch", "bow", "crafting table", "furnace", "shears", "arrow", "tnt"];
const CREATURES: &[&str] = &["cow", "sheep", "zombie", "skeleton", "spider", "creeper", "parrot", "bee"];
const NAMES: &[&str] = &["rainbow", "princess", "steve", "johnny", "missy", "coward", "fairy", "howard"];

/// The most items and recipes, each one more than there are.
const INVENTORY: u64 = 40;
const ENDER_ITEMS: u64 = 27;
const MADE: u64 = 30;
const DISPLAYED: u64 = 10;

/// Where the numbers and texts of a player come from.
trait Source {
    /// All bits of a number.
    fn bits(&mut self) -> u64;
    /// A float from 0 to 1, or an extreme one that is finite.
    fn float(&mut self) -> f64;
    /// One of these texts, or another.
    fn text(&mut self, texts: &[&str]) -> String;
    /// A length below `most`.
    fn below(&mut self, most: u64) -> u64;
    /// A flag, or whether an option is there.
    fn flag(&mut self) -> bool;

    fn single(&mut self) -> f32 {
        self.float() as f32
    }

    fn option<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| make(self))
    }

    fn list<T>(&mut self, most: u64, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most)).map(|_| make(self)).collect()
    }
}

/// What the data set has: everything uniform.
impl Source for Random {
    fn bits(&mut self) -> u64 {
        self.next()
    }

    fn float(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// As a 32-bit float has it: 24 bits, so that none is rounded to 1.
    fn single(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u32 << 24) as f32
    }

    fn text(&mut self, texts: &[&str]) -> String {
        self.pick(texts).into()
    }

    fn below(&mut self, most: u64) -> u64 {
        Self::below(self, most)
    }

    fn flag(&mut self) -> bool {
        self.next() >> 63 != 0
    }
}

/// Numbers and texts at their extremes.
struct Wild(Random);

const WILD_TEXTS: &[&str] =
    &["", "a", "ü", "日本", "\u{10ffff}", "\0", "\"quoted\"\\\n", "🧵🧶", "thirty-one bytes are one short!"];
const WILD_FLOATS: &[f64] = &[0.0, -0.0, 1.0, -1.5, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 1e300, 0.1];
const WILD_SINGLES: &[f32] = &[0.0, -0.0, f32::MAX, f32::MIN, f32::MIN_POSITIVE, 1e-45, 0.1, -2.5];

impl Source for Wild {
    fn bits(&mut self) -> u64 {
        let bits = self.0.next();
        self.0.pick(&[0, 1, 127, 128, 250, 251, 0xffff, 0x1_0000, u64::from(u32::MAX), u64::MAX, i64::MIN as u64, bits])
    }

    fn float(&mut self) -> f64 {
        // Any finite pattern of bits, too.
        let any = f64::from_bits(self.0.next());
        let extreme = self.0.pick(WILD_FLOATS);
        if any.is_finite() && self.0.flag() { any } else { extreme }
    }

    fn single(&mut self) -> f32 {
        let any = f32::from_bits(self.0.next_u32());
        let extreme = self.0.pick(WILD_SINGLES);
        if any.is_finite() && self.0.flag() { any } else { extreme }
    }

    /// Now and then one that needs a longer length prefix.
    fn text(&mut self, _: &[&str]) -> String {
        let text = self.0.pick(WILD_TEXTS);
        if self.0.below(64) == 0 { text.repeat(self.0.below(100) as usize) } else { text.into() }
    }

    fn below(&mut self, most: u64) -> u64 {
        let usual = self.0.below(most);
        self.0.pick(&[0, 1, usual, most])
    }

    fn flag(&mut self) -> bool {
        self.0.flag()
    }
}

/// A usual player, its texts replaced by words.
struct Marked<'a> {
    mark: &'a mut Watermark,
    random: Random,
}

impl Source for Marked<'_> {
    fn bits(&mut self) -> u64 {
        self.random.bits()
    }

    fn float(&mut self) -> f64 {
        self.random.float()
    }

    fn text(&mut self, texts: &[&str]) -> String {
        let len = self.random.pick(texts).len();
        self.mark.text(len.div_ceil(8))
    }

    fn below(&mut self, most: u64) -> u64 {
        self.random.below(most)
    }

    fn flag(&mut self) -> bool {
        self.random.flag()
    }
}

/// Everything empty and at its least, or everything there and at its most.
struct Edge {
    full: bool,
    /// Long texts are for a player that is alone.
    alone: bool,
    place: u64,
}

impl Source for Edge {
    fn bits(&mut self) -> u64 {
        if self.full { u64::MAX >> 1 } else { i64::MIN as u64 }
    }

    /// Finite: not every codec has the others.
    fn float(&mut self) -> f64 {
        if self.full { f64::MAX } else { -0.0 }
    }

    fn single(&mut self) -> f32 {
        if self.full { f32::MAX } else { -0.0 }
    }

    fn text(&mut self, _: &[&str]) -> String {
        self.place += 1;
        match (self.full, self.alone && self.place.is_multiple_of(13)) {
            (false, _) => String::new(),
            (true, true) => edges::text(self.place / 13),
            (true, false) => edges::short(self.place),
        }
    }

    fn below(&mut self, most: u64) -> u64 {
        if self.full { most - 1 } else { 0 }
    }

    fn flag(&mut self) -> bool {
        self.full
    }
}

/// Player `number` of a seed.
pub fn player(seed: u64, number: u64) -> Player {
    let random = Random::new(seed, number);
    if seed & WILD == 0 { made(&mut { random }) } else { made(&mut Wild(random)) }
}

/// Player `number`, of words.
pub fn watermarked(mark: &mut Watermark, number: u32) -> Player {
    made(&mut Marked { mark, random: Random::new(0, number.into()) })
}

/// A player at the ends of what its fields hold. Only one that is `alone` has long texts.
pub fn edge(number: u32, alone: bool) -> Player {
    made(&mut Edge { full: !number.is_multiple_of(2), alone, place: 0 })
}

fn item(source: &mut impl Source) -> Item {
    Item { count: source.bits() as i8, slot: source.bits() as u8, id: source.text(ITEMS) }
}

fn position(source: &mut impl Source) -> (f64, f64, f64) {
    (source.float(), source.float(), source.float())
}

fn uuid(source: &mut impl Source) -> [u32; 4] {
    [(); 4].map(|()| source.bits() as u32)
}

fn entity(source: &mut impl Source) -> Entity {
    Entity {
        id: source.text(CREATURES),
        pos: position(source),
        motion: position(source),
        rotation: (source.single(), source.single()),
        fall_distance: source.single(),
        fire: source.bits() as u16,
        air: source.bits() as u16,
        on_ground: source.flag(),
        no_gravity: source.flag(),
        invulnerable: source.flag(),
        portal_cooldown: source.bits() as i32,
        uuid: uuid(source),
        custom_name: source.option(|source| source.text(NAMES)),
        custom_name_visible: source.flag(),
        silent: source.flag(),
        glowing: source.flag(),
    }
}

fn game_type(source: &mut impl Source) -> GameType {
    GameType::ALL[source.bits() as usize % GameType::ALL.len()]
}

fn abilities(source: &mut impl Source) -> Abilities {
    Abilities {
        walk_speed: source.single(),
        fly_speed: source.single(),
        may_fly: source.flag(),
        flying: source.flag(),
        invulnerable: source.flag(),
        may_build: source.flag(),
        instabuild: source.flag(),
    }
}

fn recipe_book(source: &mut impl Source) -> RecipeBook {
    let recipes = source.list(MADE, |source| source.text(RECIPES));
    let displayed = source.list(DISPLAYED, |source| source.text(RECIPES));
    RecipeBook::of(recipes, displayed, [(); 8].map(|()| source.flag()))
}

fn made(source: &mut impl Source) -> Player {
    Player {
        game_type: game_type(source),
        previous_game_type: game_type(source),
        score: source.bits() as i64,
        dimension: source.text(DIMENSIONS),
        selected_item_slot: source.bits() as u32,
        selected_item: item(source),
        spawn_dimension: source.option(|source| source.text(DIMENSIONS)),
        spawn_x: source.bits() as i64,
        spawn_y: source.bits() as i64,
        spawn_z: source.bits() as i64,
        spawn_forced: source.option(Source::flag),
        sleep_timer: source.bits() as u16,
        food_exhaustion_level: source.single(),
        food_saturation_level: source.single(),
        food_tick_timer: source.bits() as u32,
        xp_level: source.bits() as u32,
        xp_p: source.single(),
        xp_total: source.bits() as i32,
        xp_seed: source.bits() as i32,
        inventory: source.list(INVENTORY, item),
        ender_items: source.list(ENDER_ITEMS, item),
        abilities: abilities(source),
        entered_nether_position: source.option(position),
        root_vehicle: source.option(|source| (uuid(source), entity(source))),
        shoulder_entity_left: source.option(entity),
        shoulder_entity_right: source.option(entity),
        seen_credits: source.flag(),
        recipe_book: recipe_book(source),
    }
}

/// The payload of a player in bytes.
pub fn payload_bytes(player: &Player) -> u64 {
    // Two enums, four i64, one u16, eight numbers of four bytes, the item's two, two speeds and five flags, one flag, eight flags.
    const NUMBERS: u64 = 2 + 4 * 8 + 2 + 8 * 4 + 2 + (2 * 4 + 5) + 1 + 8;
    let option = |there: bool, len: u64| if there { len } else { 0 };
    let item = |item: &Item| 2 + item.id.len() as u64;
    let texts = |texts: &[String]| texts.iter().map(|text| text.len() as u64).sum::<u64>();
    let entities = [&player.shoulder_entity_left, &player.shoulder_entity_right].into_iter().flatten();
    let entities = entities.chain(player.root_vehicle.iter().map(|(_, entity)| entity));
    let spawn = player.spawn_dimension.as_ref().map_or(0, |dimension| dimension.len() as u64);
    let items = player.inventory.iter().chain(&player.ender_items).map(item).sum::<u64>();
    NUMBERS
        + texts(&[player.dimension.clone(), player.selected_item.id.clone()])
        + spawn
        + option(player.spawn_forced.is_some(), 1)
        + items
        + option(player.entered_nether_position.is_some(), 3 * 8)
        + option(player.root_vehicle.is_some(), 16)
        + entities.map(entity_bytes).sum::<u64>()
        + texts(&player.recipe_book.recipes)
        + texts(&player.recipe_book.to_be_displayed)
}

fn entity_bytes(entity: &Entity) -> u64 {
    // Six doubles, three floats, two u16, one i32, a UUID, six flags.
    const NUMBERS: u64 = 6 * 8 + 3 * 4 + 2 * 2 + 4 + 16 + 6;
    NUMBERS + entity.id.len() as u64 + entity.custom_name.as_ref().map_or(0, |name| name.len() as u64)
}
