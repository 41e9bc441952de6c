//! `log`: a header, the records, then all strings. Before each send, `timestamp` of the record in the
//! middle is stored.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 4 | n, the number of records |
//! | 4 | 4 | 0 |
//! | 8 + 128 i | 128 | record i |
//! | 8 + 128 n | | the strings, in the order of records and fields |
//!
//! A record:
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
//! | 44 | 80 | the strings: offset from the record's start and length, 4 each: http.content_type, user_agent, referer, request_uri; origin.ip, hostname; server_ip, server_name, remote_ip, ray_id |
//! | 124 | 4 | 0 |

use weft_guest::Encode;
use weft_guest::schemas::log::{
    CacheStatus, Country, Http, HttpProtocol, Method, Origin, OriginProtocol, ZonePlan, peek, scan,
};
use weft_guest::schemas::{Log, LogRecord, Outcome, Status};

use crate::slots::{Slots, capacity, get, number, set};

const HEADER: usize = 8;
const RECORD: usize = 128;
const STRINGS: usize = 44;
const RAY_ID: usize = 9;

/// The logs in the outbox.
pub struct LogWire(Slots);

fn size(log: &Log) -> usize {
    let strings = |record: &LogRecord| record.texts().iter().map(|text| text.len()).sum::<usize>();
    HEADER + log.records.iter().map(|record| RECORD + strings(record)).sum::<usize>()
}

const fn place(i: usize) -> usize {
    HEADER + RECORD * i
}

impl Encode for LogWire {
    type Message = Log;

    fn capacity(messages: &[Log]) -> usize {
        capacity(messages.iter().map(size))
    }

    fn start(outbox: &'static mut [u8], messages: &[Log]) -> Result<Self, Status> {
        Slots::build(outbox, messages, size, build).map(Self)
    }

    #[inline(always)]
    fn encode(&mut self, index: usize, log: &Log) -> Result<&[u8], Status> {
        let slot = self.0.get(index)?;
        let middle = log.records.len() / 2;
        if let Some(record) = log.records.get(middle) {
            set(slot, place(middle), record.timestamp.to_le_bytes())?;
        }
        Ok(slot)
    }
}

fn build(log: &Log, slot: &mut [u8]) -> Result<(), Status> {
    set(slot, 0, (log.records.len() as u32).to_le_bytes())?;
    let mut free = place(log.records.len());
    for (i, record) in log.records.iter().enumerate() {
        let start = place(i);
        build_fixed(record, slot.get_mut(start..start + RECORD).ok_or(Status::Capacity)?)?;
        for (string, text) in record.texts().iter().enumerate() {
            let at = start + STRINGS + 8 * string;
            set(slot, at, ((free - start) as u32).to_le_bytes())?;
            set(slot, at + 4, (text.len() as u32).to_le_bytes())?;
            slot.get_mut(free..free + text.len()).ok_or(Status::Capacity)?.copy_from_slice(text.as_bytes());
            free += text.len();
        }
    }
    Ok(())
}

fn build_fixed(record: &LogRecord, out: &mut [u8]) -> Result<(), Status> {
    let (http, origin) = (&record.http, &record.origin);
    set(out, 0, record.timestamp.to_le_bytes())?;
    set(out, 8, record.bytes_dlv.to_le_bytes())?;
    let numbers = [record.zone_id, http.status, http.host_status, http.up_status, origin.port];
    for (i, number) in numbers.into_iter().enumerate() {
        set(out, 16 + 4 * i, number.to_le_bytes())?;
    }
    let enums = [
        record.zone_plan.byte(),
        http.protocol.byte(),
        http.method.byte(),
        origin.protocol.byte(),
        record.country.byte(),
        record.cache_status.byte(),
    ];
    set(out, 36, enums)
}

impl LogWire {
    /// Reads three fields of the record in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let i = len(bytes)? / 2;
        let fixed = fixed(bytes, i)?;
        let timestamp = i64::from_le_bytes(get(fixed, 0)?);
        Ok(peek(timestamp, number(fixed, 20)?, string(bytes, fixed, i, RAY_ID, &mut 0)?))
    }

    /// Reads all records.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        let len = len(bytes)?;
        let mut free = place(len) as u64;
        scan((0..len).map(|i| read(bytes, i, &mut free)))
    }

    /// Builds the list of records, their strings checked.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Log, Status> {
        let len = len(bytes)?;
        let mut free = place(len) as u64;
        let mut records = Vec::with_capacity(len);
        for i in 0..len {
            records.push(read(bytes, i, &mut free)?.owned()?);
        }
        Ok(Log { records })
    }
}

/// The number of records, once they are known to lie in the message.
#[inline(always)]
fn len(bytes: &[u8]) -> Result<usize, Status> {
    let len = number(bytes, 0)? as usize;
    if len <= (bytes.len().saturating_sub(HEADER)) / RECORD { Ok(len) } else { Err(Status::Malformed) }
}

#[inline(always)]
fn fixed(bytes: &[u8], i: usize) -> Result<&[u8; RECORD], Status> {
    bytes.get(place(i)..).and_then(<[u8]>::first_chunk).ok_or(Status::Malformed)
}

/// String `string` of record `i`. It starts at `free` or behind it, and `free` moves to its end:
/// strings are in order, so that no byte is read twice, however long the strings claim to be.
#[inline(always)]
fn string<'a>(
    bytes: &'a [u8],
    fixed: &[u8; RECORD],
    i: usize,
    string: usize,
    free: &mut u64,
) -> Result<&'a [u8], Status> {
    // Offset and length as one word, and sums of 64 bits, which cannot overflow.
    let pair = u64::from_le_bytes(get(fixed, STRINGS + 8 * string)?);
    let (start, len) = (place(i) as u64 + (pair & 0xffff_ffff), pair >> 32);
    if start < *free || start + len > bytes.len() as u64 {
        return Err(Status::Malformed);
    }
    *free = start + len;
    bytes.get(start as usize..).and_then(|rest| rest.get(..len as usize)).ok_or(Status::Malformed)
}

#[inline(always)]
fn read<'a>(bytes: &'a [u8], i: usize, free: &mut u64) -> Result<LogRecord<&'a [u8]>, Status> {
    let fixed = fixed(bytes, i)?;
    let mut string = |nth| string(bytes, fixed, i, nth, free);
    Ok(LogRecord {
        timestamp: i64::from_le_bytes(get(fixed, 0)?),
        zone_id: number(fixed, 16)?,
        zone_plan: ZonePlan::from_byte(fixed[36])?,
        http: Http {
            protocol: HttpProtocol::from_byte(fixed[37])?,
            status: number(fixed, 20)?,
            host_status: number(fixed, 24)?,
            up_status: number(fixed, 28)?,
            method: Method::from_byte(fixed[38])?,
            content_type: string(0)?,
            user_agent: string(1)?,
            referer: string(2)?,
            request_uri: string(3)?,
        },
        origin: Origin {
            ip: string(4)?,
            port: number(fixed, 32)?,
            hostname: string(5)?,
            protocol: OriginProtocol::from_byte(fixed[39])?,
        },
        country: Country::from_byte(fixed[40])?,
        cache_status: CacheStatus::from_byte(fixed[41])?,
        server_ip: string(6)?,
        server_name: string(7)?,
        remote_ip: string(8)?,
        bytes_dlv: u64::from_le_bytes(get(fixed, 8)?),
        ray_id: string(RAY_ID)?,
    })
}
