//! `mesh`: a number, then twelve floats a triangle.

use weft_guest::Encode;
use weft_guest::schemas::mesh::Triangle;
use weft_guest::schemas::{Mesh, Outcome, Status, mesh};

use crate::{List, encode};

const TRIANGLE: u64 = 48;

/// A mesh's writer.
pub struct MeshWire(&'static mut [u8]);

impl Encode for MeshWire {
    type Message = Mesh;

    fn capacity(messages: &[Mesh]) -> usize {
        messages.iter().map(|mesh| 9 + TRIANGLE as usize * mesh.triangles.len()).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[Mesh]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, mesh: &Mesh) -> Result<&[u8], Status> {
        encode(mesh, self.0)
    }
}

impl MeshWire {
    /// Decodes up to the triangle in the middle; reads three floats of it.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let middle = List::<Triangle>::of(bytes, TRIANGLE)?.middle()?;
        Ok(mesh::peek(middle.v0.x, middle.v2.y, middle.normal.z))
    }

    /// Decodes and reads one triangle after the other.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        mesh::scan(List::of(bytes, TRIANGLE)?)
    }

    /// Builds the list of triangles.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Mesh, Status> {
        Ok(Mesh { triangles: List::of(bytes, TRIANGLE)?.collect_owned(Ok)? })
    }
}
