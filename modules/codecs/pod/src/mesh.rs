//! `mesh`: a slice of triangles, 48 bytes each.

use weft_guest::Encode;
use weft_guest::schemas::mesh::{self, Vector3};
use weft_guest::schemas::{self, Mesh, Outcome, Status};
use zerocopy::little_endian::F32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// A vector as it lies in a message.
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct Vector {
    x: F32,
    y: F32,
    z: F32,
}

/// A triangle as it lies in a message.
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct Triangle {
    v0: Vector,
    v1: Vector,
    v2: Vector,
    normal: Vector,
}

impl Vector {
    #[inline(always)]
    fn of(&Vector3 { x, y, z }: &Vector3) -> Self {
        Self { x: x.into(), y: y.into(), z: z.into() }
    }

    #[inline(always)]
    fn value(&self) -> Vector3 {
        Vector3 { x: self.x.get(), y: self.y.get(), z: self.z.get() }
    }
}

impl Triangle {
    #[inline(always)]
    fn of(triangle: &schemas::Triangle) -> Self {
        let schemas::Triangle { v0, v1, v2, normal } = triangle;
        Self { v0: Vector::of(v0), v1: Vector::of(v1), v2: Vector::of(v2), normal: Vector::of(normal) }
    }

    #[inline(always)]
    fn value(&self) -> schemas::Triangle {
        let Self { v0, v1, v2, normal } = self;
        schemas::Triangle { v0: v0.value(), v1: v1.value(), v2: v2.value(), normal: normal.value() }
    }
}

/// A mesh's writer.
pub struct MeshWire(&'static mut [u8]);

impl Encode for MeshWire {
    type Message = Mesh;

    fn capacity(messages: &[Mesh]) -> usize {
        messages.iter().map(|mesh| size_of::<Triangle>() * mesh.triangles.len()).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[Mesh]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, mesh: &Mesh) -> Result<&[u8], Status> {
        let (out, _) =
            <[Triangle]>::mut_from_prefix_with_elems(self.0, mesh.triangles.len()).map_err(|_| Status::Capacity)?;
        for (out, triangle) in out.iter_mut().zip(&mesh.triangles) {
            *out = Triangle::of(triangle);
        }
        Ok(out.as_bytes())
    }
}

#[inline(always)]
fn read(bytes: &[u8]) -> Result<&[Triangle], Status> {
    <[Triangle]>::ref_from_bytes(bytes).map_err(|_| Status::Malformed)
}

impl MeshWire {
    /// Reads three floats of the triangle in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let triangles = read(bytes)?;
        let middle = triangles.get(triangles.len() / 2).ok_or(Status::Malformed)?;
        Ok(mesh::peek(middle.v0.x.get(), middle.v2.y.get(), middle.normal.z.get()))
    }

    /// Reads all floats.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        mesh::scan(read(bytes)?.iter().map(|triangle| Ok(triangle.value())))
    }

    /// Copies all triangles out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Mesh, Status> {
        Ok(Mesh { triangles: read(bytes)?.iter().map(Triangle::value).collect() })
    }
}
