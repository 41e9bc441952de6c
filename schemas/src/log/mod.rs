//! `log@N`: N records of an HTTP proxy's log (Cloudflare's *goser* record, known from the benchmarks
//! of Rust's serialization libraries). Record 0 is the classic constant one, the others vary in
//! every field.

mod enums;
mod generate;

use core::convert::Infallible;
use core::ops::RangeInclusive;

pub use enums::{CacheStatus, Country, HttpProtocol, Method, OriginProtocol, ZonePlan};

use crate::derives::{message_part, message_type};
use crate::edges;
use crate::shape::{self, Element, ListMessage, Peeked};
use crate::{Digest, Message, Outcome, Status, Task, Text, Tried, Watermark};

message_type! {
    /// What the client asked and what it was told. `S` is the string type, as in [`LogRecord`].
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[cfg_attr(feature = "serde", serde(bound(deserialize = "S: serde::Deserialize<'de>")))]
    #[allow(missing_docs, reason = "HTTP's own terms")]
    pub struct Http<S = String> {
        pub protocol: HttpProtocol,
        pub status: u32,
        pub host_status: u32,
        pub up_status: u32,
        pub method: Method,
        pub content_type: S,
        pub user_agent: S,
        pub referer: S,
        pub request_uri: S,
    }
}

message_type! {
    /// The server behind the proxy. `S` is the string type, as in [`LogRecord`].
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[cfg_attr(feature = "serde", serde(bound(deserialize = "S: serde::Deserialize<'de>")))]
    #[allow(missing_docs, reason = "the network's own terms")]
    pub struct Origin<S = String> {
        pub ip: S,
        pub port: u32,
        pub hostname: S,
        pub protocol: OriginProtocol,
    }
}

message_type! {
    /// One line of the log. `S` is the string type: `String` in a value, a borrowed string or plain
    /// bytes in what a codec reads in place.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[cfg_attr(feature = "serde", serde(bound(deserialize = "S: serde::Deserialize<'de>")))]
    #[allow(missing_docs, reason = "the log's own terms")]
    pub struct LogRecord<S = String> {
        pub timestamp: i64,
        pub zone_id: u32,
        pub zone_plan: ZonePlan,
        pub http: Http<S>,
        pub origin: Origin<S>,
        pub country: Country,
        pub cache_status: CacheStatus,
        pub server_ip: S,
        pub server_name: S,
        pub remote_ip: S,
        pub bytes_dlv: u64,
        pub ray_id: S,
    }
}

/// A record whose texts are made of another's: of them themselves, or of references to them.
macro_rules! mapped {
    ($record:ident, $http:ident, $origin:ident, $make:ident, $($by:tt)?) => {
        LogRecord {
            timestamp: $record.timestamp,
            zone_id: $record.zone_id,
            zone_plan: $record.zone_plan,
            http: Http {
                protocol: $http.protocol,
                status: $http.status,
                host_status: $http.host_status,
                up_status: $http.up_status,
                method: $http.method,
                content_type: $make($($by)? $http.content_type)?,
                user_agent: $make($($by)? $http.user_agent)?,
                referer: $make($($by)? $http.referer)?,
                request_uri: $make($($by)? $http.request_uri)?,
            },
            origin: Origin {
                ip: $make($($by)? $origin.ip)?,
                port: $origin.port,
                hostname: $make($($by)? $origin.hostname)?,
                protocol: $origin.protocol,
            },
            country: $record.country,
            cache_status: $record.cache_status,
            server_ip: $make($($by)? $record.server_ip)?,
            server_name: $make($($by)? $record.server_name)?,
            remote_ip: $make($($by)? $record.remote_ip)?,
            bytes_dlv: $record.bytes_dlv,
            ray_id: $make($($by)? $record.ray_id)?,
        }
    };
}

impl<S: Text> LogRecord<S> {
    /// The ten strings, in the order of the fields.
    #[inline(always)]
    pub const fn texts(&self) -> [&S; 10] {
        let (http, origin) = (&self.http, &self.origin);
        [
            &http.content_type,
            &http.user_agent,
            &http.referer,
            &http.request_uri,
            &origin.ip,
            &origin.hostname,
            &self.server_ip,
            &self.server_name,
            &self.remote_ip,
            &self.ray_id,
        ]
    }

    /// The record with what `make` makes of each text, in the order of the fields.
    ///
    /// # Errors
    /// The first of `make`.
    #[inline(always)]
    fn with_texts<'a, T, E>(&'a self, mut make: impl FnMut(&'a S) -> Result<T, E>) -> Result<LogRecord<T>, E> {
        let (http, origin) = (&self.http, &self.origin);
        Ok(mapped!(self, http, origin, make, &))
    }

    /// The same of a record that nobody needs any more.
    ///
    /// # Errors
    /// The first of `make`.
    #[inline(always)]
    fn into_texts<T, E>(self, mut make: impl FnMut(S) -> Result<T, E>) -> Result<LogRecord<T>, E> {
        let (http, origin) = (self.http, self.origin);
        Ok(mapped!(self, http, origin, make,))
    }

    /// The owned record, its strings checked.
    ///
    /// # Errors
    /// [`Status::InvalidText`] where a string is not UTF-8.
    #[inline(always)]
    pub fn owned(&self) -> Result<LogRecord, Status> {
        self.with_texts(Text::owned)
    }

    /// The record as plain bytes, not known to be UTF-8.
    #[inline(always)]
    fn unchecked(&self) -> LogRecord<&[u8]> {
        let Ok(record) = self.with_texts(|text| Ok::<_, Infallible>(text.bytes()));
        record
    }

    #[inline(always)]
    fn take_into(&self, digest: &mut Digest) {
        let (http, origin) = (&self.http, &self.origin);
        digest.word(self.timestamp as u64);
        digest.word(self.bytes_dlv);
        digest.pair(self.zone_id, origin.port);
        digest.pair(http.status, http.host_status);
        let enums = [
            self.zone_plan.byte(),
            http.protocol.byte(),
            http.method.byte(),
            origin.protocol.byte(),
            self.country.byte(),
            self.cache_status.byte(),
            0,
            0,
        ];
        digest.word(http.up_status.into());
        digest.word(u64::from_le_bytes(enums));
        for text in self.texts() {
            digest.text(text);
        }
    }
}

message_type! {
    /// A list of records, also where it holds one.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Log {
        /// The records.
        pub records: Vec<LogRecord>,
    }
}

impl Message for Log {
    const NAME: &'static str = "log";
    const SIZES: RangeInclusive<u32> = 1..=1 << 18;
    const MEASURED: &'static [u32] = &[1, 100, 1000];
    const TRIED: Tried = Tried { whole: &[1, 3, 100], broken: &[1, 2] };
    type Shape = shape::List;

    fn random(seed: u64, index: u32, size: u32) -> Self {
        let first = u64::from(index) * u64::from(size);
        Self { records: (first..first + u64::from(size)).map(|record| generate::record(seed, record)).collect() }
    }

    fn watermarked(mark: &mut Watermark, size: u32) -> Self {
        Self { records: (0..size).map(|_| generate::watermarked(mark)).collect() }
    }

    fn edge(index: u32, size: u32) -> Self {
        let count = edges::length(index, size);
        Self { records: (0..count).map(|record| generate::edge(index + record, count == 1)).collect() }
    }

    /// Logs of the smallest records. Limits on a list's length are narrowest there.
    fn edges() -> Vec<Self> {
        [0, 1, 2, 100, 10_000].map(|count| Self { records: vec![generate::smallest(); count] }).into()
    }

    fn payload_bytes(&self) -> u64 {
        // i64 and u64, five u32, six enums.
        const SCALARS: u64 = 8 + 8 + 5 * 4 + 6;
        let texts = |record: &LogRecord| record.texts().iter().map(|text| text.len() as u64).sum::<u64>();
        self.records.iter().map(|record| SCALARS + texts(record)).sum()
    }

    fn rebuilt(&self) -> Result<Self, Status> {
        let records = self.records.iter().map(|record| record.unchecked().owned());
        Ok(Self { records: records.collect::<Result<_, _>>()? })
    }

    /// Of each record: the letters of ASCII in the request's URI as capitals, and the status 203, or 204 where it was that.
    #[inline(always)]
    fn answer(&mut self) {
        for LogRecord { http, .. } in &mut self.records {
            http.request_uri.make_ascii_uppercase();
            http.status = if http.status == 203 { 204 } else { 203 };
        }
    }

    fn digest(&self, task: Task) -> Outcome {
        match task {
            Task::Peek => {
                let middle = self.records.get(self.records.len() / 2).ok_or(Status::Malformed)?;
                Ok(peek(middle.timestamp, middle.http.status, middle.ray_id.as_bytes()))
            }
            Task::Scan | Task::Own | Task::Reply => scan(self.records.iter().map(Ok::<_, Status>)),
        }
    }
}

impl ListMessage for Log {
    const FIELD: &'static str = "records";
    type Owned = LogRecord;
    type Element<S: Text> = LogRecord<S>;
    type Part<S: Text> = Part<S>;

    #[inline(always)]
    fn of(records: Vec<LogRecord>) -> Self {
        Self { records }
    }
}

impl<S: Text> Peeked for LogRecord<S> {
    #[inline(always)]
    fn peek(&self) -> u64 {
        peek(self.timestamp, self.http.status, self.ray_id.bytes())
    }
}

impl<S: Text> Element for LogRecord<S> {
    type Owned = LogRecord;
    /// A byte for each field.
    const SMALLEST: u64 = 23;

    #[inline(always)]
    fn scan(elements: impl Iterator<Item = Result<Self, Status>>) -> Outcome {
        scan(elements)
    }

    #[inline(always)]
    fn owned(self) -> Result<LogRecord, Status> {
        self.into_texts(Text::into_owned)
    }
}

message_part! {
    /// As much of a record as a peek reads.
    pub struct Part<S> { timestamp: i64, http: HttpPart, ray_id: S }
}

message_part! {
    /// As much of what was asked as a peek reads.
    pub struct HttpPart { status: u32 }
}

impl<S: Text> Peeked for Part<S> {
    #[inline(always)]
    fn peek(&self) -> u64 {
        peek(self.timestamp, self.http.status, self.ray_id.bytes())
    }
}

/// The digest of a peek: three fields of the record in the middle.
#[inline(always)]
pub fn peek(timestamp: i64, status: u32, ray_id: &[u8]) -> u64 {
    let mut digest = Digest::new();
    digest.word(timestamp as u64);
    digest.word(status.into());
    digest.bytes(ray_id);
    digest.finish()
}

/// The digest of all records.
///
/// # Errors
/// The first error of the iterator.
#[inline(always)]
pub fn scan<S: Text, R: core::borrow::Borrow<LogRecord<S>>>(
    records: impl Iterator<Item = Result<R, Status>>,
) -> Outcome {
    let mut digest = Digest::new();
    let mut count = 0;
    for record in records {
        record?.borrow().take_into(&mut digest);
        count += 1;
    }
    digest.word(count);
    Ok(digest.finish())
}

#[cfg(test)]
mod tests {
    use super::Log;
    use crate::{Message, Task};

    #[test]
    fn record_0_is_the_classic_one() {
        let log = Log::generate(7, 0, 1);
        assert_eq!(log.records[0].timestamp, 2_837_513_946_597);
        assert_eq!(log.records[0].ray_id, "10c73629cce30078-LAX");
        // 42 bytes of scalars and 284 of strings.
        assert_eq!(log.payload_bytes(), 42 + log.records[0].texts().iter().map(|t| t.len() as u64).sum::<u64>());
    }

    #[test]
    fn records_vary_in_every_field() {
        let log = Log::generate(7, 0, 2000);
        let distinct = |field: fn(&super::LogRecord) -> String| {
            log.records.iter().map(field).collect::<std::collections::BTreeSet<_>>().len()
        };
        for text in 0..10 {
            let mut values: Vec<&String> = log.records.iter().map(|record| record.texts()[text]).collect();
            values.sort();
            values.dedup();
            assert!(values.len() >= 4, "string {text} has {} values", values.len());
        }
        let counts = [
            (distinct(|r| r.timestamp.to_string()), 1000),
            (distinct(|r| r.zone_id.to_string()), 1000),
            (distinct(|r| format!("{:?}", r.zone_plan)), 4),
            (distinct(|r| format!("{:?}", r.http.protocol)), 4),
            (distinct(|r| r.http.status.to_string()), 5),
            (distinct(|r| r.http.host_status.to_string()), 5),
            (distinct(|r| r.http.up_status.to_string()), 5),
            (distinct(|r| format!("{:?}", r.http.method)), 11),
            (distinct(|r| r.origin.port.to_string()), 4),
            (distinct(|r| format!("{:?}", r.origin.protocol)), 3),
            (distinct(|r| format!("{:?}", r.country)), 200),
            (distinct(|r| format!("{:?}", r.cache_status)), 4),
            (distinct(|r| r.bytes_dlv.to_string()), 1000),
        ];
        for (field, (found, expected)) in counts.into_iter().enumerate() {
            assert!(found >= expected, "field {field} has {found} values");
        }
    }

    #[test]
    fn every_task_has_a_digest_of_its_own_value() {
        let (one, other) = (Log::generate(1, 1, 3), Log::generate(1, 2, 3));
        for task in Task::ALL {
            assert_ne!(one.digest(task), other.digest(task));
        }
    }
}
