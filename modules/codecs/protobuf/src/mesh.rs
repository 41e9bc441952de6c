//! `mesh`: a list of messages of four messages of three floats.

use weft_guest::Kept;
use weft_guest::schemas::mesh::{self, Vector3};
use weft_guest::schemas::{self, Outcome, Status};

use crate::wire::{Filled, Wire, decode};

/// A mesh as prost has it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Mesh {
    #[prost(message, repeated, tag = "1")]
    triangles: Vec<Triangle>,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
struct Triangle {
    #[prost(message, optional, tag = "1")]
    v0: Option<Vector>,
    #[prost(message, optional, tag = "2")]
    v1: Option<Vector>,
    #[prost(message, optional, tag = "3")]
    v2: Option<Vector>,
    #[prost(message, optional, tag = "4")]
    normal: Option<Vector>,
}

/// The floats are `required`: others are left out where they equal 0, and come back as 0.0 where they were -0.0.
#[derive(Clone, Copy, PartialEq, prost::Message)]
struct Vector {
    #[prost(float, required, tag = "1")]
    x: f32,
    #[prost(float, required, tag = "2")]
    y: f32,
    #[prost(float, required, tag = "3")]
    z: f32,
}

/// A mesh's writer and reader.
pub type MeshWire = Wire<Mesh>;

impl Filled for Mesh {
    type Value = schemas::Mesh;

    #[inline(always)]
    fn set(&mut self, mesh: &schemas::Mesh) {
        self.triangles.clear();
        self.triangles.extend(mesh.triangles.iter().map(Triangle::of));
    }
}

impl Triangle {
    #[inline(always)]
    fn of(triangle: &schemas::Triangle) -> Self {
        let vector = |&Vector3 { x, y, z }: &Vector3| Some(Vector { x, y, z });
        let schemas::Triangle { v0, v1, v2, normal } = triangle;
        Self { v0: vector(v0), v1: vector(v1), v2: vector(v2), normal: vector(normal) }
    }

    /// The value's triangle; there is none without its vectors.
    #[inline(always)]
    fn value(&self) -> Result<schemas::Triangle, Status> {
        let vector = |vector: Option<Vector>| {
            let Vector { x, y, z } = vector.ok_or(Status::Malformed)?;
            Ok(Vector3 { x, y, z })
        };
        let Self { v0, v1, v2, normal } = *self;
        Ok(schemas::Triangle { v0: vector(v0)?, v1: vector(v1)?, v2: vector(v2)?, normal: vector(normal)? })
    }
}

thread_local! {
    static READ: Kept<Mesh> = const { Kept::new(Mesh { triangles: Vec::new() }) };
}

/// Gives the decoded triangles to `read`.
#[inline(always)]
fn triangles<R>(bytes: &[u8], read: impl FnOnce(&[Triangle]) -> Result<R, Status>) -> Result<R, Status> {
    READ.with(|kept| decode(kept, bytes, |mesh| read(&mesh.triangles)))
}

impl MeshWire {
    /// Decodes; reads three floats of the triangle in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        triangles(bytes, |triangles| {
            let middle = triangles.get(triangles.len() / 2).ok_or(Status::Malformed)?.value()?;
            Ok(mesh::peek(middle.v0.x, middle.v2.y, middle.normal.z))
        })
    }

    /// Decodes; reads all floats.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        triangles(bytes, |triangles| mesh::scan(triangles.iter().map(Triangle::value)))
    }

    /// Decodes; builds the list of triangles.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<schemas::Mesh, Status> {
        triangles(bytes, |list| {
            let mut triangles = Vec::with_capacity(list.len());
            for triangle in list {
                triangles.push(triangle.value()?);
            }
            Ok(schemas::Mesh { triangles })
        })
    }
}
