//! Log records from a seed: the classic one, then varied ones.

use core::convert::Infallible;

use super::{CacheStatus, Country, Http, HttpProtocol, LogRecord, Method, Origin, OriginProtocol, ZonePlan};
use crate::{Random, WILD, Watermark, edges};

const CONTENT_TYPES: &[&str] =
    &["text/html", "text/css", "application/json", "application/javascript", "image/png", "image/webp", "font/woff2"];
const SYSTEMS: &[&str] = &[
    "X11; Linux x86_64",
    "Windows NT 6.1; WOW64",
    "Macintosh; Intel Mac OS X 10_9_2",
    "iPhone; CPU iPhone OS 7_1 like Mac OS X",
    "Linux; Android 4.4.2; Nexus 5 Build/KOT49H",
];
const STATUSES: &[u32] = &[200, 204, 206, 301, 302, 304, 400, 403, 404, 429, 500, 502, 503, 520, 522];
const PORTS: &[u32] = &[80, 443, 8000, 8080, 8443, 9000];
const WORDS: &[&str] = &[
    "api", "assets", "blog", "cart", "cdn", "docs", "edge", "feed", "image", "login", "media", "metal", "news",
    "search", "shop", "static", "status", "store", "trace", "video", "wiki", "worker",
];
const AIRPORTS: &[&str] = &["LAX", "SJC", "AMS", "FRA", "LHR", "CDG", "NRT", "SIN", "GRU", "JNB"];
const WILD_TEXTS: &[&str] =
    &["", "a", "\0", "Zürich", "日本語のテキスト", "🧵🪡", "seven..", "eight...", "nine.....", "\u{10FFFF}"];

/// Record `index` of the log that `seed` stands for.
pub fn record(seed: u64, index: u64) -> LogRecord {
    let mut random = Random::new(seed, index);
    if seed & WILD != 0 {
        wild(&mut random)
    } else if index == 0 {
        classic()
    } else {
        varied(&mut random)
    }
}

fn classic() -> LogRecord {
    LogRecord {
        timestamp: 2_837_513_946_597,
        zone_id: 123_456,
        zone_plan: ZonePlan::Free,
        http: Http {
            protocol: HttpProtocol::Http11,
            status: 200,
            host_status: 503,
            up_status: 520,
            method: Method::Get,
            content_type: "text/html".into(),
            user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/33.0.1750.146 Safari/537.36"
                .into(),
            referer: "https://www.cloudflare.com/".into(),
            request_uri: "/cdn-cgi/trace".into(),
        },
        origin: Origin {
            ip: "1.2.3.4".into(),
            port: 8000,
            hostname: "www.example.com".into(),
            protocol: OriginProtocol::Https,
        },
        country: Country::Us,
        cache_status: CacheStatus::Hit,
        server_ip: "192.168.1.1".into(),
        server_name: "metal.cloudflare.com".into(),
        remote_ip: "10.1.2.3".into(),
        bytes_dlv: 123_456,
        ray_id: "10c73629cce30078-LAX".into(),
    }
}

/// The classic record, its texts replaced by words: about as many as it has otherwise.
pub fn watermarked(mark: &mut Watermark) -> LogRecord {
    let Ok(record) = classic().with_texts(|text| Ok::<_, Infallible>(mark.text(text.len().div_ceil(8))));
    record
}

fn varied(random: &mut Random) -> LogRecord {
    LogRecord {
        timestamp: 2_837_513_946_597 + random.below(86_400_000_000) as i64,
        zone_id: random.below(10_000_000) as u32,
        zone_plan: random.pick(ZonePlan::ALL),
        http: Http {
            protocol: random.pick(HttpProtocol::ALL),
            status: random.pick(STATUSES),
            host_status: random.pick(STATUSES),
            up_status: random.pick(STATUSES),
            method: random.pick(Method::ALL),
            content_type: random.pick(CONTENT_TYPES).into(),
            user_agent: user_agent(random),
            referer: Written::up_to(50).text("https://www.").text(random.pick(WORDS)).text(".com/").path(random).0,
            request_uri: Written::up_to(36).text("/").path(random).text("?q=").number(random.below(100_000) as u32).0,
        },
        origin: Origin {
            ip: address(random),
            port: random.pick(PORTS),
            hostname: [random.pick(WORDS), ".example.com"].concat(),
            protocol: random.pick(OriginProtocol::ALL),
        },
        country: random.pick(Country::ALL),
        cache_status: random.pick(CacheStatus::ALL),
        server_ip: address(random),
        server_name: Written::up_to(24)
            .text(random.pick(WORDS))
            .number(random.below(1000) as u32)
            .text(".cloudflare.com")
            .0,
        remote_ip: address(random),
        bytes_dlv: random.below(1 << 24),
        ray_id: Written::up_to(20).hexadecimal(random.next()).text("-").text(random.pick(AIRPORTS)).0,
    }
}

fn wild(random: &mut Random) -> LogRecord {
    let extreme = |random: &mut Random| {
        let bits = random.next();
        random.pick(&[0, 1, 250, 251, 0xffff, 0x1_0000, u64::from(u32::MAX), u64::MAX, i64::MIN as u64, bits])
    };
    LogRecord {
        timestamp: extreme(random) as i64,
        zone_id: extreme(random) as u32,
        zone_plan: random.pick(ZonePlan::ALL),
        http: Http {
            protocol: random.pick(HttpProtocol::ALL),
            status: extreme(random) as u32,
            host_status: extreme(random) as u32,
            up_status: extreme(random) as u32,
            method: random.pick(Method::ALL),
            content_type: wild_text(random),
            user_agent: wild_text(random),
            referer: wild_text(random),
            request_uri: wild_text(random),
        },
        origin: Origin {
            ip: wild_text(random),
            port: extreme(random) as u32,
            hostname: wild_text(random),
            protocol: random.pick(OriginProtocol::ALL),
        },
        country: random.pick(Country::ALL),
        cache_status: random.pick(CacheStatus::ALL),
        server_ip: wild_text(random),
        server_name: wild_text(random),
        remote_ip: wild_text(random),
        bytes_dlv: extreme(random),
        ray_id: wild_text(random),
    }
}

/// A record at the ends of what its fields hold: all empty, or all full. Only a record that is `alone` has long texts.
pub fn edge(number: u32, alone: bool) -> LogRecord {
    let full = !number.is_multiple_of(2);
    let end = |most: u64, least: u64| if full { most } else { least };
    let text = |place: u64| match (full, alone) {
        (false, _) => String::new(),
        (true, true) => edges::text(place),
        (true, false) => edges::short(place),
    };
    let last = usize::from(full);
    let enumeration = |values: usize| last * (values - 1);
    LogRecord {
        timestamp: end(i64::MAX as u64, i64::MIN as u64) as i64,
        zone_id: end(u32::MAX.into(), 0) as u32,
        zone_plan: ZonePlan::ALL[enumeration(ZonePlan::ALL.len())],
        http: Http {
            protocol: HttpProtocol::ALL[enumeration(HttpProtocol::ALL.len())],
            status: end(u32::MAX.into(), 0) as u32,
            host_status: end(1 << 31, 0) as u32,
            up_status: end(0xFFFF, 0) as u32,
            method: Method::ALL[enumeration(Method::ALL.len())],
            content_type: text(0),
            user_agent: text(1),
            referer: text(2),
            request_uri: text(3),
        },
        origin: Origin {
            ip: text(4),
            port: end(u32::MAX.into(), 0) as u32,
            hostname: text(5),
            protocol: OriginProtocol::ALL[enumeration(OriginProtocol::ALL.len())],
        },
        country: Country::ALL[enumeration(Country::ALL.len())],
        cache_status: CacheStatus::ALL[enumeration(CacheStatus::ALL.len())],
        server_ip: text(6),
        server_name: text(7),
        remote_ip: text(8),
        bytes_dlv: end(u64::MAX, 0),
        ray_id: text(9),
    }
}

/// The smallest record there is: everything at its default.
pub fn smallest() -> LogRecord {
    LogRecord {
        timestamp: 0,
        zone_id: 0,
        zone_plan: ZonePlan::Free,
        http: Http {
            protocol: HttpProtocol::Unknown,
            status: 0,
            host_status: 0,
            up_status: 0,
            method: Method::Unknown,
            content_type: String::new(),
            user_agent: String::new(),
            referer: String::new(),
            request_uri: String::new(),
        },
        origin: Origin { ip: String::new(), port: 0, hostname: String::new(), protocol: OriginProtocol::Unknown },
        country: Country::Unknown,
        cache_status: CacheStatus::Unknown,
        server_ip: String::new(),
        server_name: String::new(),
        remote_ip: String::new(),
        bytes_dlv: 0,
        ray_id: String::new(),
    }
}

/// Mostly one of the odd ones; now and then one of up to 3 000 bytes, which needs a longer length prefix.
fn wild_text(random: &mut Random) -> String {
    let text = random.pick(WILD_TEXTS);
    if random.below(16) == 0 { text.repeat(random.below(100) as usize) } else { text.into() }
}

fn user_agent(random: &mut Random) -> String {
    Written::up_to(131)
        .text("Mozilla/5.0 (")
        .text(random.pick(SYSTEMS))
        .text(") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/")
        .number(20 + random.below(100) as u32)
        .text(".0.")
        .number(random.below(5000) as u32)
        .text(".")
        .number(random.below(200) as u32)
        .text(" Safari/537.36")
        .0
}

fn address(random: &mut Random) -> String {
    let [a, b, c, d, ..] = random.next().to_le_bytes().map(u32::from);
    Written::up_to(15).number(a).text(".").number(b).text(".").number(c).text(".").number(d).0
}

/// A text that is written part by part, which takes less time than `format!`: every placement waits for its messages.
struct Written(String);

impl Written {
    /// An empty text with room for so many bytes: the most that it can get.
    fn up_to(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    fn text(mut self, text: &str) -> Self {
        self.0.push_str(text);
        self
    }

    fn number(self, number: u32) -> Self {
        let mut written = if number > 9 { self.number(number / 10) } else { self };
        written.0.extend(char::from_digit(number % 10, 10));
        written
    }

    /// In 16 lower-case digits, with leading zeros.
    fn hexadecimal(mut self, number: u64) -> Self {
        let shifts = (0..u64::BITS).step_by(4).rev();
        self.0.extend(shifts.filter_map(|shift| char::from_digit((number >> shift & 0xF) as u32, 16)));
        self
    }

    /// One to four words.
    fn path(self, random: &mut Random) -> Self {
        let first = self.text(random.pick(WORDS));
        (0..random.below(4)).fold(first, |path, _| path.text("/").text(random.pick(WORDS)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Http, LogRecord, Origin, Written, record};

    #[test]
    fn numbers_are_written_as_format_writes_them() {
        for number in [0, 9, 10, 99, 100, 255, 4_999, 99_999, u32::MAX] {
            assert_eq!(Written::up_to(10).number(number).0, format!("{number}"));
        }
        for number in [0, 0xa, 0x10c7_3629_cce3_0078, u64::MAX] {
            assert_eq!(Written::up_to(16).hexadecimal(number).0, format!("{number:016x}"));
        }
    }

    #[test]
    fn every_text_has_the_room_that_it_needs() {
        for LogRecord { http, origin, server_ip, server_name, remote_ip, ray_id, .. } in (1..5000).map(|n| record(1, n))
        {
            let Http { user_agent, referer, request_uri, .. } = http;
            let Origin { ip, .. } = origin;
            let texts = [user_agent, referer, request_uri, ip, server_ip, remote_ip, server_name, ray_id];
            assert_eq!(texts.map(|text| text.capacity()), [131, 50, 36, 15, 15, 15, 24, 20]);
        }
    }
}
