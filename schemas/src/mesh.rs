//! `mesh@N`: N triangles of four vectors (the *mesh* data set of rust_serialization_benchmark).

use core::ops::RangeInclusive;

use crate::derives::{message_part, message_type};
use crate::edges;
use crate::shape::{self, Element, ListMessage, Peeked};
use crate::{Digest, Message, Outcome, Random, Status, Task, Text, Tried, WILD, Watermark};

message_type! {
    /// Three 32-bit floats.
    #[derive(Clone, Copy, Debug, PartialEq)]
    #[allow(missing_docs, reason = "coordinates")]
    pub struct Vector3 {
        pub x: f32,
        pub y: f32,
        pub z: f32,
    }
}

message_type! {
    /// Three corners and a normal: 48 bytes.
    #[derive(Clone, Copy, Debug, PartialEq)]
    #[allow(missing_docs, reason = "the corners")]
    pub struct Triangle {
        pub v0: Vector3,
        pub v1: Vector3,
        pub v2: Vector3,
        /// The direction that the triangle faces.
        pub normal: Vector3,
    }
}

impl Triangle {
    /// The twelve floats in the order of the fields.
    #[inline(always)]
    pub const fn floats(&self) -> [f32; 12] {
        let Self { v0, v1, v2, normal } = self;
        [v0.x, v0.y, v0.z, v1.x, v1.y, v1.z, v2.x, v2.y, v2.z, normal.x, normal.y, normal.z]
    }

    /// The triangle with these twelve floats.
    #[inline(always)]
    pub const fn from_floats(f: [f32; 12]) -> Self {
        const fn vector(x: f32, y: f32, z: f32) -> Vector3 {
            Vector3 { x, y, z }
        }
        Self {
            v0: vector(f[0], f[1], f[2]),
            v1: vector(f[3], f[4], f[5]),
            v2: vector(f[6], f[7], f[8]),
            normal: vector(f[9], f[10], f[11]),
        }
    }
}

message_type! {
    /// A list of triangles.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Mesh {
        /// The triangles.
        pub triangles: Vec<Triangle>,
    }
}

impl Message for Mesh {
    const NAME: &'static str = "mesh";
    const SIZES: RangeInclusive<u32> = 1..=4 << 20;
    const MEASURED: &'static [u32] = &[10, 1000];
    const TRIED: Tried = Tried { whole: &[1, 10], broken: &[2] };
    type Shape = shape::List;

    fn random(seed: u64, index: u32, size: u32) -> Self {
        let mut random = Random::new(seed, u64::from(index));
        let mut float = || {
            let bits = random.next_u32();
            if seed & WILD != 0 {
                // Every bit pattern but NaN, whose payload not every codec must keep.
                Some(f32::from_bits(bits)).filter(|float| !float.is_nan()).unwrap_or(-0.0)
            } else {
                bits as f32 / u32::MAX as f32
            }
        };
        let triangles = (0..size).map(|_| Triangle::from_floats(core::array::from_fn(|_| float()))).collect();
        Self { triangles }
    }

    /// The words are x and y of each vector: not every layout keeps vectors side by side.
    fn watermarked(mark: &mut Watermark, size: u32) -> Self {
        let mut vector = || {
            let [a, b, c, d, e, f, g, h] = mark.word();
            [f32::from_le_bytes([a, b, c, d]), f32::from_le_bytes([e, f, g, h]), 1.0]
        };
        let mut triangle = || {
            let [[a, b, c], [d, e, f], [g, h, i], [j, k, l]] = [vector(), vector(), vector(), vector()];
            Triangle::from_floats([a, b, c, d, e, f, g, h, i, j, k, l])
        };
        Self { triangles: (0..size).map(|_| triangle()).collect() }
    }

    fn edge(index: u32, size: u32) -> Self {
        // Without infinities, which not every format has.
        const ENDS: [f32; 7] = [0.0, -0.0, f32::MAX, f32::MIN, f32::MIN_POSITIVE, f32::from_bits(1), f32::EPSILON];
        let mut ends = ENDS.into_iter().cycle().skip(index as usize);
        let mut float = || ends.next().unwrap_or_default();
        let count = edges::length(index, size);
        Self { triangles: (0..count).map(|_| Triangle::from_floats(core::array::from_fn(|_| float()))).collect() }
    }

    fn edges() -> Vec<Self> {
        vec![Self { triangles: Vec::new() }]
    }

    fn payload_bytes(&self) -> u64 {
        48 * self.triangles.len() as u64
    }

    /// The first corner of the triangle in the middle, moved to the other side of the plane x = 0.
    #[inline(always)]
    fn answer(&mut self) {
        let middle = self.triangles.len() / 2;
        if let Some(triangle) = self.triangles.get_mut(middle) {
            triangle.v0.x = -triangle.v0.x;
        }
    }

    fn digest(&self, task: Task) -> Outcome {
        match task {
            Task::Peek => {
                let middle = self.triangles.get(self.triangles.len() / 2).ok_or(Status::Malformed)?;
                Ok(peek(middle.v0.x, middle.v2.y, middle.normal.z))
            }
            Task::Scan | Task::Own | Task::Reply => scan(self.triangles.iter().map(|triangle| Ok(*triangle))),
        }
    }
}

impl ListMessage for Mesh {
    const FIELD: &'static str = "triangles";
    type Owned = Triangle;
    type Element<S: Text> = Triangle;
    type Part<S: Text> = Part;

    #[inline(always)]
    fn of(triangles: Vec<Triangle>) -> Self {
        Self { triangles }
    }
}

impl Peeked for Triangle {
    #[inline(always)]
    fn peek(&self) -> u64 {
        peek(self.v0.x, self.v2.y, self.normal.z)
    }
}

impl Element for Triangle {
    type Owned = Self;
    /// Twelve floats.
    const SMALLEST: u64 = 48;

    #[inline(always)]
    fn scan(elements: impl Iterator<Item = Result<Self, Status>>) -> Outcome {
        scan(elements)
    }

    #[inline(always)]
    fn owned(self) -> Result<Self, Status> {
        Ok(self)
    }
}

message_part! {
    /// As much of a triangle as a peek reads.
    pub struct Part { v0: X, v2: Y, normal: Z }
}

message_part! {
    /// Of a vector x alone.
    pub struct X { x: f32 }
}

message_part! {
    /// Of a vector y alone.
    pub struct Y { y: f32 }
}

message_part! {
    /// Of a vector z alone.
    pub struct Z { z: f32 }
}

impl Peeked for Part {
    #[inline(always)]
    fn peek(&self) -> u64 {
        peek(self.v0.x, self.v2.y, self.normal.z)
    }
}

/// The digest of a peek: three floats of the triangle in the middle.
#[inline(always)]
pub fn peek(v0_x: f32, v2_y: f32, normal_z: f32) -> u64 {
    let mut digest = Digest::new();
    digest.pair(v0_x.to_bits(), v2_y.to_bits());
    digest.word(normal_z.to_bits() as u64);
    digest.finish()
}

/// The digest of all triangles.
///
/// # Errors
/// The first error of the iterator.
#[inline(always)]
pub fn scan(triangles: impl Iterator<Item = Result<Triangle, Status>>) -> Outcome {
    let mut digest = Digest::new();
    let mut count = 0;
    for triangle in triangles {
        // Field by field: an array of the floats would go through memory.
        let Triangle { v0, v1, v2, normal } = triangle?;
        digest.pair(v0.x.to_bits(), v0.y.to_bits());
        digest.pair(v0.z.to_bits(), v1.x.to_bits());
        digest.pair(v1.y.to_bits(), v1.z.to_bits());
        digest.pair(v2.x.to_bits(), v2.y.to_bits());
        digest.pair(v2.z.to_bits(), normal.x.to_bits());
        digest.pair(normal.y.to_bits(), normal.z.to_bits());
        count += 1;
    }
    digest.word(count);
    Ok(digest.finish())
}
