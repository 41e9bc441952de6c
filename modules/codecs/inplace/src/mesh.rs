//! `mesh`: the triangles, 48 bytes each: v0, v1, v2, normal, each x, y, z of 4 bytes. Before each send,
//! `v0.x` of the triangle in the middle is stored.

use weft_guest::Encode;
use weft_guest::schemas::mesh::Triangle;
use weft_guest::schemas::{Mesh, Outcome, Status, mesh};

use crate::slots::{Slots, capacity, set};

const TRIANGLE: usize = 48;

/// The meshes in the outbox.
pub struct MeshWire(Slots);

impl Encode for MeshWire {
    type Message = Mesh;

    fn capacity(messages: &[Mesh]) -> usize {
        capacity(messages.iter().map(|mesh| TRIANGLE * mesh.triangles.len()))
    }

    fn start(outbox: &'static mut [u8], messages: &[Mesh]) -> Result<Self, Status> {
        let build = |mesh: &Mesh, slot: &mut [u8]| {
            let floats = mesh.triangles.iter().flat_map(Triangle::floats);
            for (place, float) in slot.as_chunks_mut::<4>().0.iter_mut().zip(floats) {
                *place = float.to_le_bytes();
            }
            Ok(())
        };
        Slots::build(outbox, messages, |mesh| TRIANGLE * mesh.triangles.len(), build).map(Self)
    }

    #[inline(always)]
    fn encode(&mut self, index: usize, mesh: &Mesh) -> Result<&[u8], Status> {
        let slot = self.0.get(index)?;
        let middle = mesh.triangles.len() / 2;
        if let Some(triangle) = mesh.triangles.get(middle) {
            set(slot, TRIANGLE * middle, triangle.v0.x.to_le_bytes())?;
        }
        Ok(slot)
    }
}

impl MeshWire {
    /// Reads three floats of the triangle in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let triangles = triangles(bytes)?;
        let middle = read(triangles.get(triangles.len() / 2).ok_or(Status::Malformed)?);
        Ok(mesh::peek(middle.v0.x, middle.v2.y, middle.normal.z))
    }

    /// Reads all triangles.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        mesh::scan(triangles(bytes)?.iter().map(|triangle| Ok(read(triangle))))
    }

    /// Builds the list of triangles.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Mesh, Status> {
        Ok(Mesh { triangles: triangles(bytes)?.iter().map(read).collect() })
    }
}

#[inline(always)]
fn triangles(bytes: &[u8]) -> Result<&[[u8; TRIANGLE]], Status> {
    match bytes.as_chunks() {
        (triangles, []) => Ok(triangles),
        _ => Err(Status::Malformed),
    }
}

#[inline(always)]
fn read(bytes: &[u8; TRIANGLE]) -> Triangle {
    let floats = bytes.as_chunks::<4>().0;
    Triangle::from_floats(core::array::from_fn(|i| floats.get(i).map_or(0.0, |float| f32::from_le_bytes(*float))))
}
