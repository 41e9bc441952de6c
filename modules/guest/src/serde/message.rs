//! The tasks of each message.

use serde::Deserialize;
use serde::de::IgnoredAny;
use weft_schemas::mesh::Triangle;
use weft_schemas::{Blob, Log, LogRecord, Mesh, Outcome, Ping, Status, Text, blob, log, mesh, ping};

use super::visited::{Borrowed, Collected, Middle, Scanned};
use super::{Format, Wire};
use crate::elements::{Element, Peeked};
use crate::list::{List, whole};

impl<F: Format> Wire<F, Ping> {
    /// Decodes, and reads three fields.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let Ping { sequence, source, flags, .. } = whole::<F, _>(bytes)?;
        Ok(ping::peek(sequence, source, flags))
    }

    /// Decodes, and reads all fields.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(ping::scan(&whole::<F, _>(bytes)?))
    }

    /// Decodes.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Ping, Status> {
        whole::<F, _>(bytes)
    }
}

/// A blob as the format hands it out.
#[derive(Deserialize)]
#[serde(rename = "Blob")]
struct BlobOf<B> {
    data: B,
}

impl<F: Format> Wire<F, Blob> {
    /// Decodes; reads the length and both ends.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        Ok(blob::peek(Self::data(bytes)?.as_ref()))
    }

    /// Decodes; reads all bytes.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(blob::scan(Self::data(bytes)?.as_ref()))
    }

    /// Copies the bytes, where decoding has not done so. (Decoding into a `Vec` at once would in some formats fill it with zeros
    /// first, as long as the message claims it to be.)
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Blob, Status> {
        Ok(Blob { data: Self::data(bytes)?.into() })
    }

    #[inline(always)]
    fn data(bytes: &[u8]) -> Result<F::Bytes<'_>, Status> {
        Ok(whole::<F, BlobOf<F::Bytes<'_>>>(bytes)?.data)
    }
}

/// What serde makes of a message that is a list: the list under its name.
trait Listed<L> {
    fn list(self) -> L;
}

#[derive(Deserialize)]
#[serde(rename = "Log")]
struct LogOf<L> {
    records: L,
}

impl<L> Listed<L> for LogOf<L> {
    fn list(self) -> L {
        self.records
    }
}

#[derive(Deserialize)]
#[serde(rename = "Mesh")]
struct MeshOf<L> {
    triangles: L,
}

impl<L> Listed<L> for MeshOf<L> {
    fn list(self) -> L {
        self.triangles
    }
}

/// As much of a record as a peek reads.
#[derive(Deserialize)]
struct RecordFields<S> {
    timestamp: i64,
    http: HttpFields,
    ray_id: S,
}

#[derive(Deserialize)]
struct HttpFields {
    status: u32,
}

impl<S: Text> Peeked for RecordFields<S> {
    #[inline(always)]
    fn peek(&self) -> u64 {
        log::peek(self.timestamp, self.http.status, self.ray_id.bytes())
    }
}

/// As much of a triangle as a peek reads.
#[derive(Deserialize)]
struct TriangleFields {
    v0: X,
    v2: Y,
    normal: Z,
}

#[derive(Deserialize)]
struct X {
    x: f32,
}

#[derive(Deserialize)]
struct Y {
    y: f32,
}

#[derive(Deserialize)]
struct Z {
    z: f32,
}

impl Peeked for TriangleFields {
    #[inline(always)]
    fn peek(&self) -> u64 {
        mesh::peek(self.v0.x, self.v2.y, self.normal.z)
    }
}

/// A peek at the element in the middle; those beside it are decoded as `Skipped`.
#[inline(always)]
fn peek<'a, F: Format, L, Skipped, T>(bytes: &'a [u8], smallest: u64) -> Outcome
where
    L: Listed<Middle<T, Skipped>> + Deserialize<'a>,
    Skipped: Deserialize<'a>,
    T: Peeked + Deserialize<'a>,
{
    if F::ELEMENTS_FOLLOW {
        List::<F, T>::of(F::list(bytes)?, smallest)?.peek::<Skipped>()
    } else {
        Ok(whole::<F, L>(bytes)?.list().0.ok_or(Status::Malformed)?.peek())
    }
}

/// A scan of all elements. No list of them is built.
#[inline(always)]
fn scan<'a, F: Format, L, T>(bytes: &'a [u8]) -> Outcome
where
    L: Listed<Scanned<T>> + Deserialize<'a>,
    T: Element + Deserialize<'a>,
{
    if F::ELEMENTS_FOLLOW {
        List::<F, T>::of(F::list(bytes)?, T::SMALLEST)?.scan()
    } else {
        Ok(whole::<F, L>(bytes)?.list().0)
    }
}

/// The list of all elements, owned. Strings are decoded as borrowed ones and copied once: some formats would decode owned ones into
/// room that they fill with zeros first.
#[inline(always)]
fn own<'a, F: Format, L, T>(bytes: &'a [u8]) -> Result<Vec<T::Owned>, Status>
where
    L: Listed<Collected<T>> + Deserialize<'a>,
    T: Borrowed + Deserialize<'a>,
{
    if F::ELEMENTS_FOLLOW {
        List::<F, T>::of(F::list(bytes)?, T::SMALLEST)?.all(T::owned)
    } else {
        Ok(whole::<F, L>(bytes)?.list().0)
    }
}

impl<F: Format> Wire<F, Log> {
    /// Reads three fields of the record in the middle.
    ///
    /// # Errors
    /// Those of the format; [`Status::Malformed`] where there is no record.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        if F::NAMES_FIELDS {
            peek::<F, LogOf<_>, IgnoredAny, RecordFields<F::Text<'_>>>(bytes, LogRecord::<&str>::SMALLEST)
        } else {
            peek::<F, LogOf<_>, LogRecord<F::Text<'_>>, LogRecord<F::Text<'_>>>(bytes, LogRecord::<&str>::SMALLEST)
        }
    }

    /// Decodes and reads one record after the other.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        scan::<F, LogOf<_>, LogRecord<F::Text<'_>>>(bytes)
    }

    /// Builds the list of records.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Log, Status> {
        Ok(Log { records: own::<F, LogOf<_>, LogRecord<F::Text<'_>>>(bytes)? })
    }
}

impl<F: Format> Wire<F, Mesh> {
    /// Reads three floats of the triangle in the middle.
    ///
    /// # Errors
    /// Those of the format; [`Status::Malformed`] where there is no triangle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        if F::NAMES_FIELDS {
            peek::<F, MeshOf<_>, IgnoredAny, TriangleFields>(bytes, Triangle::SMALLEST)
        } else {
            peek::<F, MeshOf<_>, Triangle, Triangle>(bytes, Triangle::SMALLEST)
        }
    }

    /// Decodes and reads one triangle after the other.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        scan::<F, MeshOf<_>, Triangle>(bytes)
    }

    /// Builds the list of triangles.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Mesh, Status> {
        Ok(Mesh { triangles: own::<F, MeshOf<_>, Triangle>(bytes)? })
    }
}
