//! `log`: a list of records of 136 bytes.

use weft_guest::schemas::log::{self, CacheStatus, Country, HttpProtocol, Method, OriginProtocol, ZonePlan};
use weft_guest::schemas::{self, Log, Outcome};

use crate::Carried;
use crate::lowered::{Lowered, Text, plain, record};

plain! { CacheStatus, Country, HttpProtocol, Method, OriginProtocol, ZonePlan }

record! {
    Http: log::Http, 'a log::Http<&'a str>, log::Http {
        protocol: HttpProtocol,
        status: u32,
        host_status: u32,
        up_status: u32,
        method: Method,
        content_type: Text,
        user_agent: Text,
        referer: Text,
        request_uri: Text,
    }
}

record! {
    Origin: log::Origin, 'a log::Origin<&'a str>, log::Origin {
        ip: Text,
        port: u32,
        hostname: Text,
        protocol: OriginProtocol,
    }
}

record! {
    LogRecord: schemas::LogRecord, 'a schemas::LogRecord<&'a str>, schemas::LogRecord {
        timestamp: i64,
        zone_id: u32,
        zone_plan: ZonePlan,
        http: Http,
        origin: Origin,
        country: Country,
        cache_status: CacheStatus,
        server_ip: Text,
        server_name: Text,
        remote_ip: Text,
        bytes_dlv: u64,
        ray_id: Text,
    }
}

impl Carried for Log {
    type Record = LogRecord;

    fn values(&self) -> &[schemas::LogRecord] {
        &self.records
    }

    fn room(_: &schemas::LogRecord) -> usize {
        0
    }

    fn of(records: Vec<schemas::LogRecord>) -> Self {
        Self { records }
    }

    #[inline(always)]
    fn peek(record: &LogRecord) -> u64 {
        // SAFETY: an adapter has checked the string, or the producer shares its memory and waits.
        let ray_id = unsafe { record.ray_id.read() };
        log::peek(record.timestamp, record.http.status, ray_id.as_bytes())
    }

    #[inline(always)]
    fn scan<'a>(records: impl Iterator<Item = <LogRecord as Lowered>::Read<'a>>) -> Outcome {
        log::scan(records.map(Ok))
    }
}
