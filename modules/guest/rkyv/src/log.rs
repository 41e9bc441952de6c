//! `log`: a list of structs, whose strings lie before it.

use rkyv::Archived;
use weft_schemas::log::{self, Http, Origin};
use weft_schemas::{Log, LogRecord, Outcome, Status};

use crate::{Access, Wire, value};

#[inline(always)]
fn record<A: Access>(record: &Archived<LogRecord>) -> Result<LogRecord<A::Text<'_>>, Status> {
    let (http, origin) = (&record.http, &record.origin);
    Ok(LogRecord {
        timestamp: record.timestamp.to_native(),
        zone_id: record.zone_id.to_native(),
        zone_plan: value(&record.zone_plan)?,
        http: Http {
            protocol: value(&http.protocol)?,
            status: http.status.to_native(),
            host_status: http.host_status.to_native(),
            up_status: http.up_status.to_native(),
            method: value(&http.method)?,
            content_type: A::text(&http.content_type),
            user_agent: A::text(&http.user_agent),
            referer: A::text(&http.referer),
            request_uri: A::text(&http.request_uri),
        },
        origin: Origin {
            ip: A::text(&origin.ip),
            port: origin.port.to_native(),
            hostname: A::text(&origin.hostname),
            protocol: value(&origin.protocol)?,
        },
        country: value(&record.country)?,
        cache_status: value(&record.cache_status)?,
        server_ip: A::text(&record.server_ip),
        server_name: A::text(&record.server_name),
        remote_ip: A::text(&record.remote_ip),
        bytes_dlv: record.bytes_dlv.to_native(),
        ray_id: A::text(&record.ray_id),
    })
}

impl<A: Access> Wire<A, Log> {
    /// Reads three fields of the record in the middle.
    ///
    /// # Errors
    /// Those of [`Access::access`]; [`Status::Malformed`] where there is no record.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let records = &A::access::<Archived<Log>>(bytes)?.records;
        let middle = records.get(records.len() / 2).ok_or(Status::Malformed)?;
        let (timestamp, status) = (middle.timestamp.to_native(), middle.http.status.to_native());
        Ok(log::peek(timestamp, status, middle.ray_id.as_bytes()))
    }

    /// Reads all fields where they lie.
    ///
    /// # Errors
    /// Those of [`Access::access`].
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        log::scan(A::access::<Archived<Log>>(bytes)?.records.iter().map(record::<A>))
    }

    /// Copies all records out.
    ///
    /// # Errors
    /// Those of [`Access::access`]; [`Status::InvalidText`] where nobody has checked a string before.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Log, Status> {
        let archived = &A::access::<Archived<Log>>(bytes)?.records;
        let mut records = Vec::with_capacity(archived.len());
        for archived in archived.iter() {
            records.push(record::<A>(archived)?.owned()?);
        }
        Ok(Log { records })
    }
}
