//! `mesh`: a vector of structs.

use core::marker::PhantomData;

use weft_guest::Encode;
use weft_schemas::mesh::Vector3;
use weft_schemas::{Mesh, Outcome, Status, Triangle, mesh};
use weft_schemas_flatbuffers::generated::weft_generated as fb;

use crate::Root;
use crate::outbox::{Builder, OVERHEAD};

/// A mesh as FlatBuffers.
pub struct MeshWire<V> {
    builder: Builder,
    of: PhantomData<fn() -> V>,
}

impl<V: Root> Encode for MeshWire<V> {
    type Message = Mesh;
    const PANICS: bool = true;

    fn capacity(messages: &[Mesh]) -> usize {
        let triangles = messages.iter().map(|message| message.triangles.len()).max().unwrap_or(0);
        OVERHEAD + size_of::<fb::Triangle>() * triangles
    }

    fn start(outbox: &'static mut [u8], _messages: &[Mesh]) -> Result<Self, Status> {
        Ok(Self { builder: Builder::new(outbox), of: PhantomData })
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Mesh) -> Result<&[u8], Status> {
        Ok(self.builder.message(|builder| {
            let triangles = Some(builder.create_vector_from_iter(message.triangles.iter().map(to_wire)));
            fb::Mesh::create(builder, &fb::MeshArgs { triangles })
        }))
    }
}

#[inline(always)]
fn to_wire(triangle: &Triangle) -> fb::Triangle {
    let vector = |v: &Vector3| fb::Vector3::new(v.x, v.y, v.z);
    let Triangle { v0, v1, v2, normal } = triangle;
    fb::Triangle::new(&vector(v0), &vector(v1), &vector(v2), &vector(normal))
}

#[inline(always)]
fn from_wire(triangle: &fb::Triangle) -> Triangle {
    let vector = |v: &fb::Vector3| Vector3 { x: v.x(), y: v.y(), z: v.z() };
    Triangle {
        v0: vector(triangle.v0()),
        v1: vector(triangle.v1()),
        v2: vector(triangle.v2()),
        normal: vector(triangle.normal()),
    }
}

/// All triangles. The vector's bytes are taken at once, so that its bounds are checked once.
#[inline(always)]
fn triangles<V: Root>(bytes: &[u8]) -> Result<impl ExactSizeIterator<Item = Triangle>, Status> {
    let (triangles, _) = V::root::<fb::Mesh>(bytes)?.triangles().bytes().as_chunks();
    Ok(triangles.iter().map(|triangle| from_wire(&fb::Triangle(*triangle))))
}

impl<V: Root> MeshWire<V> {
    /// Reads three floats of the triangle in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let triangles = V::root::<fb::Mesh>(bytes)?.triangles();
        if triangles.is_empty() {
            return Err(Status::Malformed);
        }
        let middle = triangles.get(triangles.len() / 2);
        Ok(mesh::peek(middle.v0().x(), middle.v2().y(), middle.normal().z()))
    }

    /// Reads all floats where they lie.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        mesh::scan(triangles::<V>(bytes)?.map(Ok))
    }

    /// Copies all triangles out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Mesh, Status> {
        Ok(Mesh { triangles: triangles::<V>(bytes)?.collect() })
    }
}
