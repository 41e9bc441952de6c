//! `mesh`: a list of triangles, 48 bytes each.

use weft_guest::schemas::mesh::{self, Vector3};
use weft_guest::schemas::{self, Mesh, Outcome};

use crate::Carried;
use crate::lowered::{Lowered, record};

record! {
    Vector: Vector3, 'a Vector3, Vector3 { x: f32, y: f32, z: f32 }
}

record! {
    Triangle: schemas::Triangle, 'a schemas::Triangle, schemas::Triangle {
        v0: Vector,
        v1: Vector,
        v2: Vector,
        normal: Vector,
    }
}

impl Carried for Mesh {
    type Record = Triangle;

    fn values(&self) -> &[schemas::Triangle] {
        &self.triangles
    }

    fn room(_: &schemas::Triangle) -> usize {
        0
    }

    fn of(triangles: Vec<schemas::Triangle>) -> Self {
        Self { triangles }
    }

    #[inline(always)]
    fn peek(triangle: &Triangle) -> u64 {
        mesh::peek(triangle.v0.x, triangle.v2.y, triangle.normal.z)
    }

    #[inline(always)]
    fn scan<'a>(triangles: impl Iterator<Item = <Triangle as Lowered>::Read<'a>>) -> Outcome {
        mesh::scan(triangles.map(Ok))
    }
}
