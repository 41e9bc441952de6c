//! `log`: a table of offsets, then the records.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 4 | n, the number of records |
//! | 4 | 4 (n + 1) | where each record starts, from the message's start, and where the last one ends: the message's end |
//!
//! The first record follows the table at once; a record starts where the one before it ends:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 8 | timestamp |
//! | 8 | 8 | bytes_dlv |
//! | 16 | 4 | zone_id |
//! | 20 | 12 | http: status, host_status, up_status, 4 each |
//! | 32 | 4 | origin.port |
//! | 36 | 6 | zone_plan, http.protocol, http.method, origin.protocol, country, cache_status, 1 each |
//! | 42 | 2 | 0 |
//! | 44 | 40 | where each string ends, from the first string's start, 4 each |
//! | 84 | | the strings: http.content_type, user_agent, referer, request_uri; origin.ip, hostname; server_ip, server_name, remote_ip, ray_id |

use weft_guest::Encode;
use weft_guest::schemas::log::{
    CacheStatus, Country, Http, HttpProtocol, Method, Origin, OriginProtocol, ZonePlan, peek, scan,
};
use weft_guest::schemas::{Log, LogRecord, Outcome, Status};

use crate::wire::{Writer, array, usize_at};

const ENDS: usize = 44;
const STRINGS: usize = 84;
const RAY_ID: usize = 9;

/// A log's writer.
pub struct LogWire(&'static mut [u8]);

impl Encode for LogWire {
    type Message = Log;

    fn capacity(messages: &[Log]) -> usize {
        let record = |record: &LogRecord| 4 + STRINGS + record.texts().iter().map(|text| text.len()).sum::<usize>();
        messages.iter().map(|log| 8 + log.records.iter().map(record).sum::<usize>()).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[Log]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, log: &Log) -> Result<&[u8], Status> {
        let mut out = Writer::new(self.0);
        out.put((log.records.len() as u32).to_le_bytes())?;
        let table = out.skip(4 * (log.records.len() + 1))?;
        for (i, record) in log.records.iter().enumerate() {
            out.set(table + 4 * i, (out.len() as u32).to_le_bytes())?;
            write(&mut out, record)?;
        }
        out.set(table + 4 * log.records.len(), (out.len() as u32).to_le_bytes())?;
        out.finish()
    }
}

#[inline(always)]
fn write(out: &mut Writer<'_>, record: &LogRecord) -> Result<(), Status> {
    let (http, origin) = (&record.http, &record.origin);
    let mut fixed = [0; STRINGS];
    fixed[..8].copy_from_slice(&record.timestamp.to_le_bytes());
    fixed[8..16].copy_from_slice(&record.bytes_dlv.to_le_bytes());
    fixed[16..20].copy_from_slice(&record.zone_id.to_le_bytes());
    fixed[20..24].copy_from_slice(&http.status.to_le_bytes());
    fixed[24..28].copy_from_slice(&http.host_status.to_le_bytes());
    fixed[28..32].copy_from_slice(&http.up_status.to_le_bytes());
    fixed[32..36].copy_from_slice(&origin.port.to_le_bytes());
    fixed[36] = record.zone_plan.byte();
    fixed[37] = http.protocol.byte();
    fixed[38] = http.method.byte();
    fixed[39] = origin.protocol.byte();
    fixed[40] = record.country.byte();
    fixed[41] = record.cache_status.byte();
    let mut end = 0_u32;
    for (text, place) in record.texts().iter().zip(fixed[ENDS..].as_chunks_mut::<4>().0) {
        end += text.len() as u32;
        *place = end.to_le_bytes();
    }
    out.put(fixed)?;
    record.texts().iter().try_for_each(|text| out.bytes(text.as_bytes()))
}

impl LogWire {
    /// Reads three fields of the record in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let table = Table::of(bytes)?;
        let (fixed, strings) = split(table.record(table.len / 2)?)?;
        let timestamp = i64::from_le_bytes(array(fixed, 0)?);
        let status = u32::from_le_bytes(array(fixed, 20)?);
        Ok(peek(timestamp, status, string(fixed, strings, RAY_ID)?))
    }

    /// Reads all records.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        let table = Table::of(bytes)?;
        scan((0..table.len).map(|i| read(table.record(i)?)))
    }

    /// Builds the list of records, their strings checked.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Log, Status> {
        let table = Table::of(bytes)?;
        let mut records = Vec::with_capacity(table.len);
        for i in 0..table.len {
            records.push(read(table.record(i)?)?.owned()?);
        }
        Ok(Log { records })
    }
}

/// Where the records are.
struct Table<'a> {
    bytes: &'a [u8],
    len: usize,
}

impl<'a> Table<'a> {
    /// The table of a message, once it is known to lie in it.
    #[inline(always)]
    fn of(bytes: &'a [u8]) -> Result<Self, Status> {
        let len = usize_at(bytes, 0)?;
        // No more records than there is room for, so that nobody allocates for what is not there.
        if len > bytes.len() / (4 + STRINGS) {
            return Err(Status::Malformed);
        }
        let size = 4 * (len + 2);
        // Exact ends on both sides: records lie one after the other, and none is hidden.
        if usize_at(bytes, 4)? != size || usize_at(bytes, 4 + 4 * len)? != bytes.len() {
            return Err(Status::Malformed);
        }
        Ok(Self { bytes, len })
    }

    #[inline(always)]
    fn record(&self, i: usize) -> Result<&'a [u8], Status> {
        if i >= self.len {
            return Err(Status::Malformed);
        }
        let (start, end) = (usize_at(self.bytes, 4 + 4 * i)?, usize_at(self.bytes, 8 + 4 * i)?);
        self.bytes.get(start..end).ok_or(Status::Malformed)
    }
}

#[inline(always)]
fn split(record: &[u8]) -> Result<(&[u8; STRINGS], &[u8]), Status> {
    record.split_first_chunk().ok_or(Status::Malformed)
}

/// String `i` of a record.
#[inline(always)]
fn string<'a>(fixed: &[u8; STRINGS], strings: &'a [u8], i: usize) -> Result<&'a [u8], Status> {
    let start = if i == 0 { 0 } else { usize_at(fixed, ENDS + 4 * i - 4)? };
    strings.get(start..usize_at(fixed, ENDS + 4 * i)?).ok_or(Status::Malformed)
}

#[inline(always)]
fn read(record: &[u8]) -> Result<LogRecord<&[u8]>, Status> {
    let (fixed, strings) = split(record)?;
    let number = |at| Ok::<u32, Status>(u32::from_le_bytes(array(fixed, at)?));
    let string = |i| string(fixed, strings, i);
    if usize_at(fixed, ENDS + 4 * RAY_ID)? != strings.len() {
        return Err(Status::Malformed);
    }
    Ok(LogRecord {
        timestamp: i64::from_le_bytes(array(fixed, 0)?),
        zone_id: number(16)?,
        zone_plan: ZonePlan::from_byte(fixed[36])?,
        http: Http {
            protocol: HttpProtocol::from_byte(fixed[37])?,
            status: number(20)?,
            host_status: number(24)?,
            up_status: number(28)?,
            method: Method::from_byte(fixed[38])?,
            content_type: string(0)?,
            user_agent: string(1)?,
            referer: string(2)?,
            request_uri: string(3)?,
        },
        origin: Origin {
            ip: string(4)?,
            port: number(32)?,
            hostname: string(5)?,
            protocol: OriginProtocol::from_byte(fixed[39])?,
        },
        country: Country::from_byte(fixed[40])?,
        cache_status: CacheStatus::from_byte(fixed[41])?,
        server_ip: string(6)?,
        server_name: string(7)?,
        remote_ip: string(8)?,
        bytes_dlv: u64::from_le_bytes(array(fixed, 8)?),
        ray_id: string(RAY_ID)?,
    })
}
