//! `mesh`: the triangles one after the other, 48 bytes each; their number is the message's length
//! divided by 48.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 48 i | 12 | v0: x, y, z |
//! | 48 i + 12 | 12 | v1 |
//! | 48 i + 24 | 12 | v2 |
//! | 48 i + 36 | 12 | normal |

use weft_guest::Encode;
use weft_guest::schemas::mesh::Triangle;
use weft_guest::schemas::{Mesh, Outcome, Status, mesh};

const TRIANGLE: usize = 48;

/// A mesh's writer.
pub struct MeshWire(&'static mut [u8]);

impl Encode for MeshWire {
    type Message = Mesh;

    fn capacity(messages: &[Mesh]) -> usize {
        messages.iter().map(|mesh| TRIANGLE * mesh.triangles.len()).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[Mesh]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, mesh: &Mesh) -> Result<&[u8], Status> {
        let out = self.0.get_mut(..TRIANGLE * mesh.triangles.len()).ok_or(Status::Capacity)?;
        for (out, triangle) in out.as_chunks_mut::<TRIANGLE>().0.iter_mut().zip(&mesh.triangles) {
            for (out, float) in out.as_chunks_mut::<4>().0.iter_mut().zip(triangle.floats()) {
                *out = float.to_le_bytes();
            }
        }
        Ok(out)
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
