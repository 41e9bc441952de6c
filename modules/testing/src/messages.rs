//! The messages that codecs are tried with.

use weft_schemas::log::{CacheStatus, Country, HttpProtocol, Method, OriginProtocol, ZonePlan};
use weft_schemas::{Blob, Log, LogRecord, Mesh, Message, Ping, WILD};

/// The seeds of messages that must come back as they were.
const SEEDS: [u64; 6] = [1, 2, 3, WILD | 1, WILD | 2, WILD | 3];

/// How many messages of a seed one encoder encodes.
const MESSAGES: u32 = 5;

/// A kind of message, and which of its messages codecs are tried with.
pub trait Tried: Message {
    /// The sizes that must come back as they were.
    const ENCODED: &'static [u32];

    /// The sizes that are broken. They are small: every single bit is flipped.
    const BROKEN: &'static [u32];

    /// Messages at the edge of what there is, which no seed makes.
    fn edges() -> Vec<Self> {
        Vec::new()
    }

    /// Sets of messages. Each set is for one encoder.
    fn sets() -> impl Iterator<Item = Vec<Self>> {
        let seeds = Self::ENCODED.iter().flat_map(|&size| SEEDS.map(|seed| (size, seed)));
        let random = seeds.map(|(size, seed)| (0..MESSAGES).map(|index| Self::generate(seed, index, size)).collect());
        random.chain(Self::edges().into_iter().map(|message| vec![message]))
    }
}

impl Tried for Ping {
    const ENCODED: &'static [u32] = &[1];
    const BROKEN: &'static [u32] = &[1];
}

impl Tried for Log {
    const ENCODED: &'static [u32] = &[1, 3, 100];
    const BROKEN: &'static [u32] = &[1, 3];

    /// Logs of the smallest records. Limits on a list's length are narrowest there.
    fn edges() -> Vec<Self> {
        [0, 1, 2, 100, 10_000].map(|count| Self { records: vec![smallest_record(); count] }).into()
    }
}

impl Tried for Mesh {
    const ENCODED: &'static [u32] = &[1, 10];
    const BROKEN: &'static [u32] = &[2];

    fn edges() -> Vec<Self> {
        vec![Self { triangles: Vec::new() }]
    }
}

impl Tried for Blob {
    const ENCODED: &'static [u32] = &[1, 7, 8, 64, 65536];
    const BROKEN: &'static [u32] = &[64];

    fn edges() -> Vec<Self> {
        vec![Self { data: Vec::new() }]
    }
}

/// The smallest record there is: everything at its default.
fn smallest_record() -> LogRecord {
    let mut record = Log::generate(1, 0, 1).records.remove(0);
    let (http, origin) = (&mut record.http, &mut record.origin);
    (record.timestamp, record.zone_id, record.bytes_dlv) = (0, 0, 0);
    (record.zone_plan, record.country, record.cache_status) = (ZonePlan::Free, Country::Unknown, CacheStatus::Unknown);
    (http.protocol, http.method, origin.protocol) = (HttpProtocol::Unknown, Method::Unknown, OriginProtocol::Unknown);
    (http.status, http.host_status, http.up_status, origin.port) = (0, 0, 0, 0);
    let texts = [
        &mut http.content_type,
        &mut http.user_agent,
        &mut http.referer,
        &mut http.request_uri,
        &mut origin.ip,
        &mut origin.hostname,
        &mut record.server_ip,
        &mut record.server_name,
        &mut record.remote_ip,
        &mut record.ray_id,
    ];
    texts.into_iter().for_each(String::clear);
    record
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
