//! `log`: a list of messages, each with two messages and ten strings. An enumeration is a number on the wire, as prost's `enumeration` is.

use core::mem;

use weft_guest::Kept;
use weft_guest::schemas::log::{self, CacheStatus, Country, HttpProtocol, Method, OriginProtocol, ZonePlan};
use weft_guest::schemas::{self, Outcome, Status};

use crate::wire::{Filled, Wire, decode, narrow};

/// A log as prost has it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Log {
    #[prost(message, repeated, tag = "1")]
    records: Vec<Record>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Record {
    #[prost(int64, tag = "1")]
    timestamp: i64,
    #[prost(uint32, tag = "2")]
    zone_id: u32,
    #[prost(int32, tag = "3")]
    zone_plan: i32,
    #[prost(message, optional, tag = "4")]
    http: Option<Http>,
    #[prost(message, optional, tag = "5")]
    origin: Option<Origin>,
    #[prost(int32, tag = "6")]
    country: i32,
    #[prost(int32, tag = "7")]
    cache_status: i32,
    #[prost(string, tag = "8")]
    server_ip: String,
    #[prost(string, tag = "9")]
    server_name: String,
    #[prost(string, tag = "10")]
    remote_ip: String,
    #[prost(uint64, tag = "11")]
    bytes_dlv: u64,
    #[prost(string, tag = "12")]
    ray_id: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Http {
    #[prost(int32, tag = "1")]
    protocol: i32,
    #[prost(uint32, tag = "2")]
    status: u32,
    #[prost(uint32, tag = "3")]
    host_status: u32,
    #[prost(uint32, tag = "4")]
    up_status: u32,
    #[prost(int32, tag = "5")]
    method: i32,
    #[prost(string, tag = "6")]
    content_type: String,
    #[prost(string, tag = "7")]
    user_agent: String,
    #[prost(string, tag = "8")]
    referer: String,
    #[prost(string, tag = "9")]
    request_uri: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Origin {
    #[prost(string, tag = "1")]
    ip: String,
    #[prost(uint32, tag = "2")]
    port: u32,
    #[prost(string, tag = "3")]
    hostname: String,
    #[prost(int32, tag = "4")]
    protocol: i32,
}

/// A log's writer and reader.
pub type LogWire = Wire<Log>;

impl Filled for Log {
    type Value = schemas::Log;

    #[inline(always)]
    fn set(&mut self, log: &schemas::Log) {
        self.records.resize_with(log.records.len(), Record::default);
        for (record, value) in self.records.iter_mut().zip(&log.records) {
            record.set(value);
        }
    }
}

impl Record {
    #[inline(always)]
    fn set(&mut self, record: &schemas::LogRecord) {
        self.timestamp = record.timestamp;
        self.zone_id = record.zone_id;
        self.zone_plan = record.zone_plan.byte().into();
        self.http.get_or_insert_default().set(&record.http);
        self.origin.get_or_insert_default().set(&record.origin);
        self.country = record.country.byte().into();
        self.cache_status = record.cache_status.byte().into();
        self.server_ip.clone_from(&record.server_ip);
        self.server_name.clone_from(&record.server_name);
        self.remote_ip.clone_from(&record.remote_ip);
        self.bytes_dlv = record.bytes_dlv;
        self.ray_id.clone_from(&record.ray_id);
    }

    /// The value's record, its strings made by `text`; there is none without its `http` and its `origin`.
    #[inline(always)]
    fn value<'a, S>(&'a mut self, text: impl Fn(&'a mut String) -> S) -> Result<schemas::LogRecord<S>, Status> {
        let http = self.http.as_mut().ok_or(Status::Malformed)?;
        let origin = self.origin.as_mut().ok_or(Status::Malformed)?;
        Ok(schemas::LogRecord {
            timestamp: self.timestamp,
            zone_id: self.zone_id,
            zone_plan: ZonePlan::from_byte(narrow(self.zone_plan)?)?,
            http: http.value(&text)?,
            origin: origin.value(&text)?,
            country: Country::from_byte(narrow(self.country)?)?,
            cache_status: CacheStatus::from_byte(narrow(self.cache_status)?)?,
            server_ip: text(&mut self.server_ip),
            server_name: text(&mut self.server_name),
            remote_ip: text(&mut self.remote_ip),
            bytes_dlv: self.bytes_dlv,
            ray_id: text(&mut self.ray_id),
        })
    }
}

impl Http {
    #[inline(always)]
    fn set(&mut self, http: &log::Http) {
        self.protocol = http.protocol.byte().into();
        self.status = http.status;
        self.host_status = http.host_status;
        self.up_status = http.up_status;
        self.method = http.method.byte().into();
        self.content_type.clone_from(&http.content_type);
        self.user_agent.clone_from(&http.user_agent);
        self.referer.clone_from(&http.referer);
        self.request_uri.clone_from(&http.request_uri);
    }

    #[inline(always)]
    fn value<'a, S>(&'a mut self, text: impl Fn(&'a mut String) -> S) -> Result<log::Http<S>, Status> {
        Ok(log::Http {
            protocol: HttpProtocol::from_byte(narrow(self.protocol)?)?,
            status: self.status,
            host_status: self.host_status,
            up_status: self.up_status,
            method: Method::from_byte(narrow(self.method)?)?,
            content_type: text(&mut self.content_type),
            user_agent: text(&mut self.user_agent),
            referer: text(&mut self.referer),
            request_uri: text(&mut self.request_uri),
        })
    }
}

impl Origin {
    #[inline(always)]
    fn set(&mut self, origin: &log::Origin) {
        self.ip.clone_from(&origin.ip);
        self.port = origin.port;
        self.hostname.clone_from(&origin.hostname);
        self.protocol = origin.protocol.byte().into();
    }

    #[inline(always)]
    fn value<'a, S>(&'a mut self, text: impl Fn(&'a mut String) -> S) -> Result<log::Origin<S>, Status> {
        Ok(log::Origin {
            ip: text(&mut self.ip),
            port: self.port,
            hostname: text(&mut self.hostname),
            protocol: OriginProtocol::from_byte(narrow(self.protocol)?)?,
        })
    }
}

thread_local! {
    static READ: Kept<Log> = const { Kept::new(Log { records: Vec::new() }) };
}

/// Gives the decoded records to `read`.
#[inline(always)]
fn records<R>(bytes: &[u8], read: impl FnOnce(&mut [Record]) -> Result<R, Status>) -> Result<R, Status> {
    READ.with(|kept| decode(kept, bytes, |log| read(&mut log.records)))
}

/// A string where it lies.
#[inline(always)]
fn borrowed(text: &mut String) -> &str {
    text
}

impl LogWire {
    /// Decodes; reads three fields of the record in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        records(bytes, |records| {
            let middle = records.len() / 2;
            let middle = records.get_mut(middle).ok_or(Status::Malformed)?.value(borrowed)?;
            Ok(log::peek(middle.timestamp, middle.http.status, middle.ray_id.as_bytes()))
        })
    }

    /// Decodes; reads all fields.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        records(bytes, |records| log::scan(records.iter_mut().map(|record| record.value(borrowed))))
    }

    /// Decodes; builds the list of records, which takes the strings over.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<schemas::Log, Status> {
        records(bytes, |list| {
            let mut records = Vec::with_capacity(list.len());
            for record in list {
                records.push(record.value(mem::take)?);
            }
            Ok(schemas::Log { records })
        })
    }
}
