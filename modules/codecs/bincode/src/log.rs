//! `log`: a number, then the records, their fields in order.

use weft_guest::Encode;
use weft_guest::schemas::log::{peek, scan};
use weft_guest::schemas::{Log, LogRecord, Outcome, Status};

use crate::{List, encode};

/// A record has at least a byte for each of its 23 fields.
const SMALLEST: u64 = 23;

/// A log's writer.
pub struct LogWire(&'static mut [u8]);

impl Encode for LogWire {
    type Message = Log;

    /// The longest forms: 9 bytes for a 64-bit number, 5 for a 32-bit number or an enum, 9 and its
    /// bytes for a string.
    fn capacity(messages: &[Log]) -> usize {
        const SCALARS: usize = 2 * 9 + 5 * 5 + 6 * 5;
        let record = |record: &LogRecord| SCALARS + record.texts().iter().map(|text| 9 + text.len()).sum::<usize>();
        messages.iter().map(|log| 9 + log.records.iter().map(record).sum::<usize>()).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[Log]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, log: &Log) -> Result<&[u8], Status> {
        encode(log, self.0)
    }
}

impl LogWire {
    /// Decodes up to the record in the middle; reads three fields of it.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let middle = List::<LogRecord<&str>>::of(bytes, SMALLEST)?.middle()?;
        Ok(peek(middle.timestamp, middle.http.status, middle.ray_id.as_bytes()))
    }

    /// Decodes and reads one record after the other.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        scan(List::<LogRecord<&str>>::of(bytes, SMALLEST)?)
    }

    /// Builds the list of records. Strings are decoded as borrowed ones and copied once: decoding
    /// them as owned would fill each with zeros first.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Log, Status> {
        let records = List::<LogRecord<&str>>::of(bytes, SMALLEST)?;
        Ok(Log { records: records.collect_owned(|record| record.owned())? })
    }
}
