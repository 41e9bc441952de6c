//! The messages that codecs are tried with.

use weft_schemas::log::{CacheStatus, Country, HttpProtocol, Method, OriginProtocol, ZonePlan};
use weft_schemas::{Message, WILD};

/// The seeds of messages that must come back as they were.
const SEEDS: [u64; 6] = [1, 2, 3, WILD | 1, WILD | 2, WILD | 3];

/// How many messages of a seed one encoder encodes.
const MESSAGES: u32 = 5;

/// Sets of messages that must come back as they were. Each set is for one encoder.
pub fn sets<M: Message>() -> impl Iterator<Item = Vec<M>> {
    let seeds = M::TRIED.whole.iter().flat_map(|&size| SEEDS.map(|seed| (size, seed)));
    let random = seeds.map(|(size, seed)| (0..MESSAGES).map(|index| M::generate(seed, index, size)).collect());
    random.chain(M::edges().into_iter().map(|message| vec![message]))
}

/// The enumerations of the log: each one's name, and the number and name of each of its values, in order. A codec with a
/// schema compares them with those of the schema.
pub fn enumerations() -> Vec<(&'static str, Vec<(u8, String)>)> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$((
                stringify!($name),
                $name::ALL.iter().map(|value| (value.byte(), format!("{value:?}"))).collect(),
            )),*]
        };
    }
    list!(ZonePlan HttpProtocol Method OriginProtocol CacheStatus Country)
}
