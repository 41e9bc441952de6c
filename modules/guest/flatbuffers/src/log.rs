//! `log`: a vector of tables, each with two tables and ten strings.

use core::marker::PhantomData;

use flatbuffers::{FlatBufferBuilder, WIPOffset};
use weft_guest::Encode;
use weft_schemas::log::{CacheStatus, Country, Http, HttpProtocol, Method, Origin, OriginProtocol, ZonePlan};
use weft_schemas::{Log, LogRecord, Outcome, Status, log};
use weft_schemas_flatbuffers::generated::weft_generated as fb;

use crate::Root;
use crate::outbox::{Builder, OVERHEAD, Outbox};

/// The vtables of the three tables of a record, which all records share, in bytes: the two sizes
/// and the fields.
const VTABLES: usize = 2 * ((2 + 12) + (2 + 9) + (2 + 4));

/// The most that one record takes without its strings, in bytes: its place in the vector, and its
/// tables' scalars, offsets and offsets to the vtable, each table padded twice at most.
const RECORD: usize = {
    let record = 2 * 8 + 4 + 3 + 7 * 4 + 4 + (7 + 3);
    let http = 3 * 4 + 2 + 4 * 4 + 4 + (3 + 3);
    let origin = 4 + 1 + 2 * 4 + 4 + (3 + 3);
    4 + record + http + origin
};

/// The most that a string takes beside its bytes: its length, the NUL, padding.
const STRING: usize = 4 + 1 + 3;

/// A log as FlatBuffers.
pub struct LogWire<V> {
    builder: Builder,
    /// Where the records lie; kept for its memory.
    records: Vec<WIPOffset<fb::LogRecord<'static>>>,
    of: PhantomData<fn() -> V>,
}

impl<V: Root> Encode for LogWire<V> {
    type Message = Log;
    const PANICS: bool = true;

    fn capacity(messages: &[Log]) -> usize {
        let strings = |record: &LogRecord| record.texts().iter().map(|text| STRING + text.len()).sum::<usize>();
        let records = |message: &Log| message.records.iter().map(|record| RECORD + strings(record)).sum::<usize>();
        OVERHEAD + VTABLES + messages.iter().map(records).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], messages: &[Log]) -> Result<Self, Status> {
        let records = messages.iter().map(|message| message.records.len()).max().unwrap_or(0);
        Ok(Self { builder: Builder::new(outbox), records: Vec::with_capacity(records), of: PhantomData })
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Log) -> Result<&[u8], Status> {
        let Self { builder, records, .. } = self;
        Ok(builder.message(|builder| {
            records.clear();
            records.extend(message.records.iter().map(|record| write_record(builder, record)));
            let records = Some(builder.create_vector(records));
            fb::Log::create(builder, &fb::LogArgs { records })
        }))
    }
}

type Fbb = FlatBufferBuilder<'static, Outbox>;

fn write_record(builder: &mut Fbb, record: &LogRecord) -> WIPOffset<fb::LogRecord<'static>> {
    let args = fb::LogRecordArgs {
        timestamp: record.timestamp,
        zone_id: record.zone_id,
        zone_plan: fb::ZonePlan(record.zone_plan.byte()),
        http: Some(write_http(builder, &record.http)),
        origin: Some(write_origin(builder, &record.origin)),
        country: fb::Country(record.country.byte()),
        cache_status: fb::CacheStatus(record.cache_status.byte()),
        server_ip: Some(builder.create_string(&record.server_ip)),
        server_name: Some(builder.create_string(&record.server_name)),
        remote_ip: Some(builder.create_string(&record.remote_ip)),
        bytes_dlv: record.bytes_dlv,
        ray_id: Some(builder.create_string(&record.ray_id)),
    };
    fb::LogRecord::create(builder, &args)
}

#[inline(always)]
fn write_http(builder: &mut Fbb, http: &Http) -> WIPOffset<fb::Http<'static>> {
    let args = fb::HttpArgs {
        protocol: fb::HttpProtocol(http.protocol.byte()),
        status: http.status,
        host_status: http.host_status,
        up_status: http.up_status,
        method: fb::Method(http.method.byte()),
        content_type: Some(builder.create_string(&http.content_type)),
        user_agent: Some(builder.create_string(&http.user_agent)),
        referer: Some(builder.create_string(&http.referer)),
        request_uri: Some(builder.create_string(&http.request_uri)),
    };
    fb::Http::create(builder, &args)
}

#[inline(always)]
fn write_origin(builder: &mut Fbb, origin: &Origin) -> WIPOffset<fb::Origin<'static>> {
    let args = fb::OriginArgs {
        ip: Some(builder.create_string(&origin.ip)),
        port: origin.port,
        hostname: Some(builder.create_string(&origin.hostname)),
        protocol: fb::OriginProtocol(origin.protocol.byte()),
    };
    fb::Origin::create(builder, &args)
}

/// A record. The verifier does not look at enumerations.
#[inline(always)]
fn read_record<V: Root>(record: fb::LogRecord<'_>) -> Result<LogRecord<V::Text<'_>>, Status> {
    Ok(LogRecord {
        timestamp: record.timestamp(),
        zone_id: record.zone_id(),
        zone_plan: ZonePlan::from_byte(record.zone_plan().0)?,
        http: read_http::<V>(record.http())?,
        origin: read_origin::<V>(record.origin())?,
        country: Country::from_byte(record.country().0)?,
        cache_status: CacheStatus::from_byte(record.cache_status().0)?,
        server_ip: V::text(record.server_ip()),
        server_name: V::text(record.server_name()),
        remote_ip: V::text(record.remote_ip()),
        bytes_dlv: record.bytes_dlv(),
        ray_id: V::text(record.ray_id()),
    })
}

#[inline(always)]
fn read_http<V: Root>(http: fb::Http<'_>) -> Result<Http<V::Text<'_>>, Status> {
    Ok(Http {
        protocol: HttpProtocol::from_byte(http.protocol().0)?,
        status: http.status(),
        host_status: http.host_status(),
        up_status: http.up_status(),
        method: Method::from_byte(http.method().0)?,
        content_type: V::text(http.content_type()),
        user_agent: V::text(http.user_agent()),
        referer: V::text(http.referer()),
        request_uri: V::text(http.request_uri()),
    })
}

#[inline(always)]
fn read_origin<V: Root>(origin: fb::Origin<'_>) -> Result<Origin<V::Text<'_>>, Status> {
    Ok(Origin {
        ip: V::text(origin.ip()),
        port: origin.port(),
        hostname: V::text(origin.hostname()),
        protocol: OriginProtocol::from_byte(origin.protocol().0)?,
    })
}

impl<V: Root> LogWire<V> {
    /// Reads three fields of the record in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let records = V::root::<fb::Log>(bytes)?.records();
        if records.is_empty() {
            return Err(Status::Malformed);
        }
        let middle = records.get(records.len() / 2);
        Ok(log::peek(middle.timestamp(), middle.http().status(), middle.ray_id().as_bytes()))
    }

    /// Reads all fields where they lie.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        log::scan(V::root::<fb::Log>(bytes)?.records().iter().map(read_record::<V>))
    }

    /// Copies all records out. The verifier has limited their number by the message's length.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Log, Status> {
        let records = V::root::<fb::Log>(bytes)?.records();
        let mut owned = Vec::with_capacity(records.len());
        for record in records {
            owned.push(read_record::<V>(record)?.owned()?);
        }
        Ok(Log { records: owned })
    }
}
