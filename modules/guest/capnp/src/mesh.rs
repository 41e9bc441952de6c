//! `mesh`: a list of structs whose vectors are groups.

use capnp::struct_list;
use weft_guest::Encode;
use weft_schemas::mesh::Vector3;
use weft_schemas::{Mesh, Outcome, Status, Triangle, mesh};
use weft_schemas_capnp::generated::weft_capnp as schema;

use crate::Form;
use crate::read::{bounded, status};
use crate::size::{list_words, root_words};

/// A mesh as Cap'n Proto.
pub struct MeshWire<F>(F);

/// The words of the longest of `messages`.
fn words(messages: &[Mesh]) -> usize {
    let triangles = messages.iter().map(|message| message.triangles.len()).max().unwrap_or(0);
    let list = list_words::<schema::triangle::Builder<'_>>(triangles);
    root_words::<schema::mesh::Builder<'_>>() + list
}

impl<F: Form> Encode for MeshWire<F> {
    type Message = Mesh;
    const PANICS: bool = true;

    fn capacity(messages: &[Mesh]) -> usize {
        F::capacity(words(messages))
    }

    fn start(outbox: &'static mut [u8], messages: &[Mesh]) -> Result<Self, Status> {
        Ok(Self(F::new(outbox, words(messages))))
    }

    fn start_answers(outbox: &'static mut [u8]) -> Result<Self, Status> {
        let words = F::words(outbox.len());
        Ok(Self(F::new(outbox, words)))
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Mesh) -> Result<&[u8], Status> {
        self.0.message(|builder| {
            let count = u32::try_from(message.triangles.len()).map_err(|_| Status::NotEncoded)?;
            let mut triangles = builder.init_root::<schema::mesh::Builder<'_>>().init_triangles(count);
            for (index, triangle) in (0..count).zip(&message.triangles) {
                write(triangles.reborrow().get(index), triangle);
            }
            Ok(())
        })
    }
}

#[inline(always)]
fn write(mut builder: schema::triangle::Builder<'_>, triangle: &Triangle) {
    // One type for each group; they differ in nothing but the place.
    macro_rules! vector {
        ($get:ident, $vector:expr) => {
            let mut group = builder.reborrow().$get();
            group.set_x($vector.x);
            group.set_y($vector.y);
            group.set_z($vector.z);
        };
    }
    vector!(get_v0, triangle.v0);
    vector!(get_v1, triangle.v1);
    vector!(get_v2, triangle.v2);
    vector!(get_normal, triangle.normal);
}

#[inline(always)]
fn read(triangle: schema::triangle::Reader<'_>) -> Triangle {
    macro_rules! vector {
        ($group:expr) => {{
            let group = $group;
            Vector3 { x: group.get_x(), y: group.get_y(), z: group.get_z() }
        }};
    }
    Triangle {
        v0: vector!(triangle.get_v0()),
        v1: vector!(triangle.get_v1()),
        v2: vector!(triangle.get_v2()),
        normal: vector!(triangle.get_normal()),
    }
}

type Triangles<'a> = struct_list::Reader<'a, schema::triangle::Owned>;

/// Gives the list of triangles to `read`.
#[inline(always)]
fn triangles<F: Form, R>(bytes: &[u8], read: impl FnOnce(Triangles<'_>) -> Result<R, Status>) -> Result<R, Status> {
    F::root::<schema::mesh::Owned, _>(bytes, |mesh, len| read(bounded(mesh.get_triangles().map_err(status)?, len)?))
}

impl<F: Form> MeshWire<F> {
    /// Reads three floats of the triangle in the middle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        triangles::<F, _>(bytes, |list| {
            let middle = list.try_get(list.len() / 2).ok_or(Status::Malformed)?;
            Ok(mesh::peek(middle.get_v0().get_x(), middle.get_v2().get_y(), middle.get_normal().get_z()))
        })
    }

    /// Reads all floats.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        triangles::<F, _>(bytes, |list| mesh::scan(list.iter().map(|triangle| Ok(read(triangle)))))
    }

    /// Copies all triangles out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Mesh, Status> {
        triangles::<F, _>(bytes, |list| Ok(Mesh { triangles: list.iter().map(read).collect() }))
    }
}
