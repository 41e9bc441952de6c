//! `log`: a list of structs, each with two structs and ten texts.

use capnp::{struct_list, text};
use weft_guest::Encode;
use weft_schemas::log::{CacheStatus, Country, Http, HttpProtocol, Method, Origin, OriginProtocol, ZonePlan};
use weft_schemas::{Log, LogRecord, Outcome, Status, log};
use weft_schemas_capnp::generated::weft_capnp as schema;

use crate::Form;
use crate::read::{bounded, byte, status};
use crate::size::{WORD, list_words, root_words, struct_words};

/// A log as Cap'n Proto.
pub struct LogWire<F>(F);

/// The words of the longest of `messages`.
fn words(messages: &[Log]) -> usize {
    let words = |message: &Log| {
        let list = list_words::<schema::log_record::Builder<'_>>(message.records.len());
        list + message.records.iter().map(outer_words).sum::<usize>()
    };
    root_words::<schema::log::Builder<'_>>() + messages.iter().map(words).max().unwrap_or(0)
}

impl<F: Form> Encode for LogWire<F> {
    type Message = Log;
    const PANICS: bool = true;

    fn capacity(messages: &[Log]) -> usize {
        F::capacity(words(messages))
    }

    fn start(outbox: &'static mut [u8], messages: &[Log]) -> Result<Self, Status> {
        Ok(Self(F::new(outbox, words(messages))))
    }

    fn start_answers(outbox: &'static mut [u8]) -> Result<Self, Status> {
        let words = F::words(outbox.len());
        Ok(Self(F::new(outbox, words)))
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Log) -> Result<&[u8], Status> {
        self.0.message(|builder| {
            let count = u32::try_from(message.records.len()).map_err(|_| Status::NotEncoded)?;
            let mut records = builder.init_root::<schema::log::Builder<'_>>().init_records(count);
            for (index, record) in (0..count).zip(&message.records) {
                write_record(records.reborrow().get(index), record)?;
            }
            Ok(())
        })
    }
}

/// The words of what a record's pointers lead to; a text ends with a NUL.
fn outer_words(record: &LogRecord) -> usize {
    let structs = struct_words::<schema::http::Builder<'_>>() + struct_words::<schema::origin::Builder<'_>>();
    structs + record.texts().iter().map(|text| (text.len() + 1).div_ceil(WORD)).sum::<usize>()
}

/// The schema's value of an enumeration with this byte.
#[inline(always)]
fn value<E: TryFrom<u16>>(byte: u8) -> Result<E, Status> {
    E::try_from(byte.into()).map_err(|_| Status::NotEncoded)
}

#[inline(always)]
fn write_record(mut builder: schema::log_record::Builder<'_>, record: &LogRecord) -> Result<(), Status> {
    builder.set_timestamp(record.timestamp);
    builder.set_zone_id(record.zone_id);
    builder.set_zone_plan(value(record.zone_plan.byte())?);
    write_http(builder.reborrow().init_http(), &record.http)?;
    write_origin(builder.reborrow().init_origin(), &record.origin)?;
    builder.set_country(value(record.country.byte())?);
    builder.set_cache_status(value(record.cache_status.byte())?);
    builder.set_server_ip(&record.server_ip);
    builder.set_server_name(&record.server_name);
    builder.set_remote_ip(&record.remote_ip);
    builder.set_bytes_dlv(record.bytes_dlv);
    builder.set_ray_id(&record.ray_id);
    Ok(())
}

#[inline(always)]
fn write_http(mut builder: schema::http::Builder<'_>, http: &Http) -> Result<(), Status> {
    builder.set_protocol(value(http.protocol.byte())?);
    builder.set_status(http.status);
    builder.set_host_status(http.host_status);
    builder.set_up_status(http.up_status);
    builder.set_method(value(http.method.byte())?);
    builder.set_content_type(&http.content_type);
    builder.set_user_agent(&http.user_agent);
    builder.set_referer(&http.referer);
    builder.set_request_uri(&http.request_uri);
    Ok(())
}

#[inline(always)]
fn write_origin(mut builder: schema::origin::Builder<'_>, origin: &Origin) -> Result<(), Status> {
    builder.set_ip(&origin.ip);
    builder.set_port(origin.port);
    builder.set_hostname(&origin.hostname);
    builder.set_protocol(value(origin.protocol.byte())?);
    Ok(())
}

/// A text's bytes: nobody has checked that they are UTF-8.
#[inline(always)]
fn unchecked(text: capnp::Result<text::Reader<'_>>) -> Result<&[u8], Status> {
    text.map(text::Reader::as_bytes).map_err(status)
}

#[inline(always)]
fn read_record(record: schema::log_record::Reader<'_>) -> Result<LogRecord<&[u8]>, Status> {
    Ok(LogRecord {
        timestamp: record.get_timestamp(),
        zone_id: record.get_zone_id(),
        zone_plan: ZonePlan::from_byte(byte(record.get_zone_plan())?)?,
        http: read_http(record.get_http().map_err(status)?)?,
        origin: read_origin(record.get_origin().map_err(status)?)?,
        country: Country::from_byte(byte(record.get_country())?)?,
        cache_status: CacheStatus::from_byte(byte(record.get_cache_status())?)?,
        server_ip: unchecked(record.get_server_ip())?,
        server_name: unchecked(record.get_server_name())?,
        remote_ip: unchecked(record.get_remote_ip())?,
        bytes_dlv: record.get_bytes_dlv(),
        ray_id: unchecked(record.get_ray_id())?,
    })
}

#[inline(always)]
fn read_http(http: schema::http::Reader<'_>) -> Result<Http<&[u8]>, Status> {
    Ok(Http {
        protocol: HttpProtocol::from_byte(byte(http.get_protocol())?)?,
        status: http.get_status(),
        host_status: http.get_host_status(),
        up_status: http.get_up_status(),
        method: Method::from_byte(byte(http.get_method())?)?,
        content_type: unchecked(http.get_content_type())?,
        user_agent: unchecked(http.get_user_agent())?,
        referer: unchecked(http.get_referer())?,
        request_uri: unchecked(http.get_request_uri())?,
    })
}

#[inline(always)]
fn read_origin(origin: schema::origin::Reader<'_>) -> Result<Origin<&[u8]>, Status> {
    Ok(Origin {
        ip: unchecked(origin.get_ip())?,
        port: origin.get_port(),
        hostname: unchecked(origin.get_hostname())?,
        protocol: OriginProtocol::from_byte(byte(origin.get_protocol())?)?,
    })
}

type Records<'a> = struct_list::Reader<'a, schema::log_record::Owned>;

/// Gives the list of records to `read`.
#[inline(always)]
fn records<F: Form, R>(bytes: &[u8], read: impl FnOnce(Records<'_>) -> Result<R, Status>) -> Result<R, Status> {
    F::root::<schema::log::Owned, _>(bytes, |log, len| read(bounded(log.get_records().map_err(status)?, len)?))
}

impl<F: Form> LogWire<F> {
    /// Reads three fields of the record in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        records::<F, _>(bytes, |list| {
            let middle = list.try_get(list.len() / 2).ok_or(Status::Malformed)?;
            let status = middle.get_http().map_err(status)?.get_status();
            Ok(log::peek(middle.get_timestamp(), status, unchecked(middle.get_ray_id())?))
        })
    }

    /// Reads all fields, and the texts as bytes.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        records::<F, _>(bytes, |list| log::scan(list.iter().map(read_record)))
    }

    /// Copies all records out, and checks their texts.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Log, Status> {
        records::<F, _>(bytes, |list| {
            let mut records = Vec::with_capacity(list.len() as usize);
            for record in list {
                records.push(read_record(record)?.owned()?);
            }
            Ok(Log { records })
        })
    }
}
