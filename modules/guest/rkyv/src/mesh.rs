//! `mesh`: a list of structs of floats.

use rkyv::Archived;
use weft_schemas::mesh::{self, Vector3};
use weft_schemas::{Mesh, Outcome, Status, Triangle};

use crate::{Access, Wire};

#[inline(always)]
fn triangle(triangle: &Archived<Triangle>) -> Triangle {
    let vector = |v: &Archived<Vector3>| Vector3 { x: v.x.to_native(), y: v.y.to_native(), z: v.z.to_native() };
    Triangle {
        v0: vector(&triangle.v0),
        v1: vector(&triangle.v1),
        v2: vector(&triangle.v2),
        normal: vector(&triangle.normal),
    }
}

impl<A: Access> Wire<A, Mesh> {
    /// Reads three floats of the triangle in the middle.
    ///
    /// # Errors
    /// Those of [`Access::access`]; [`Status::Malformed`] where there is no triangle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let triangles = &A::access::<Archived<Mesh>>(bytes)?.triangles;
        let middle = triangles.get(triangles.len() / 2).ok_or(Status::Malformed)?;
        Ok(mesh::peek(middle.v0.x.to_native(), middle.v2.y.to_native(), middle.normal.z.to_native()))
    }

    /// Reads all floats where they lie.
    ///
    /// # Errors
    /// Those of [`Access::access`].
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        mesh::scan(A::access::<Archived<Mesh>>(bytes)?.triangles.iter().map(|archived| Ok(triangle(archived))))
    }

    /// Copies all triangles out.
    ///
    /// # Errors
    /// Those of [`Access::access`].
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Mesh, Status> {
        Ok(Mesh { triangles: A::access::<Archived<Mesh>>(bytes)?.triangles.iter().map(triangle).collect() })
    }
}
