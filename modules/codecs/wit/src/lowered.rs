//! Values as the component model's canonical ABI lays them out in memory: what an adapter reads in one guest and writes in another.
//!
//! `repr(C)` is that layout on wasm32: fields in their order, each at a multiple of its alignment; a string or a list is a pointer and a
//! length; an option is a byte, then the value.

use core::mem::MaybeUninit;
use core::{slice, str};
use std::alloc::{Layout, dealloc};

use weft_guest::schemas::{Lazy, Status};

/// A value as it lies in memory.
pub trait Lowered: Copy {
    /// The plain value.
    type Value;
    /// The value with strings and lists read where they lie.
    type Read<'a>
    where
        Self: 'a;

    /// Lays a value out: its lists go to `room`, its strings stay where they are.
    ///
    /// # Errors
    /// [`Status::Capacity`] where `room` is too small.
    fn lower(value: &Self::Value, room: &mut Room) -> Result<Self, Status>;

    /// Reads it where it lies.
    ///
    /// # Safety
    /// What it points at must be there for as long as `'a`, and strings must be UTF-8.
    unsafe fn read<'a>(&'a self) -> Self::Read<'a>;

    /// Makes a plain value of it, which takes over what it points at.
    ///
    /// # Safety
    /// What it points at must come from this guest's allocator, in pieces of their own, and be nobody else's.
    unsafe fn take(self) -> Self::Value;

    /// Frees what it points at.
    ///
    /// # Safety
    /// As [`Self::take`].
    unsafe fn free(self);
}

/// The part of the outbox that is free.
pub struct Room {
    next: *mut u8,
    left: usize,
}

impl Room {
    /// All of an outbox.
    pub fn of(outbox: &mut [u8]) -> Self {
        Self { next: outbox.as_mut_ptr(), left: outbox.len() }
    }

    /// Lays a list out; returns where.
    ///
    /// # Errors
    /// [`Status::Capacity`] where there is no room for it.
    #[inline(always)]
    pub fn list<T: Lowered>(&mut self, values: &[T::Value]) -> Result<List<T>, Status> {
        let skipped = self.next.align_offset(align_of::<T>());
        let bytes = size_of::<T>().saturating_mul(values.len());
        if skipped > self.left || bytes > self.left - skipped {
            return Err(Status::Capacity);
        }
        let start = self.next.wrapping_add(skipped).cast::<T>();
        self.next = self.next.wrapping_add(skipped + bytes);
        self.left -= skipped + bytes;
        for (index, value) in values.iter().enumerate() {
            let lowered = T::lower(value, self)?;
            // SAFETY: the element lies within the room that was just taken, aligned, and nobody else has a reference into it.
            unsafe { start.add(index).write(lowered) };
        }
        Ok(List { start, len: values.len() })
    }

    /// How many bytes are free.
    #[cfg(test)]
    pub const fn left(&self) -> usize {
        self.left
    }

    /// What a list takes at most, in bytes, beside what its elements take.
    pub const fn most<T>(len: usize) -> usize {
        size_of::<T>() * len + align_of::<T>()
    }
}

/// A list: where it starts, and how many elements it has.
#[repr(C)]
pub struct List<T> {
    start: *const T,
    len: usize,
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<T> {}

/// The elements of a list, read one after the other.
pub type Elements<'a, T> = Lazy<Reading<'a, T>>;

/// An iterator over the elements of a list.
pub struct Reading<'a, T>(slice::Iter<'a, T>);

impl<T> Clone for Reading<'_, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<'a, T: Lowered> Iterator for Reading<'a, T> {
    type Item = Result<T::Read<'a>, Status>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        // SAFETY: whoever read the list promised it for its elements.
        self.0.next().map(|element| Ok(unsafe { element.read() }))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<T: Lowered> List<T> {
    /// A list that an adapter has put into this memory.
    pub const fn of(start: *const T, len: usize) -> Self {
        Self { start, len }
    }

    /// Its elements.
    ///
    /// # Safety
    /// They must be there for as long as `'a`.
    #[inline(always)]
    pub unsafe fn elements<'a>(self) -> &'a [T] {
        // SAFETY: the caller's promise; an adapter gives no null pointer, and aligns what it allocates.
        unsafe { slice::from_raw_parts(self.start, self.len) }
    }

    /// Gives the list itself back, not what its elements point at.
    ///
    /// # Safety
    /// As [`Lowered::take`].
    #[inline(always)]
    unsafe fn give_back(self) {
        give_back(self.start.cast(), size_of::<T>() * self.len, align_of::<T>());
    }
}

/// Gives a piece back to the allocator; one without bytes is none.
#[inline(always)]
fn give_back(start: *const u8, bytes: usize, align: usize) {
    if bytes > 0 {
        // SAFETY: the callers' promise: the allocator gave this piece for just that layout.
        unsafe { dealloc(start.cast_mut(), Layout::from_size_align_unchecked(bytes, align)) };
    }
}

impl<T: Lowered> Lowered for List<T> {
    type Value = Vec<T::Value>;
    type Read<'a>
        = Elements<'a, T>
    where
        T: 'a;

    #[inline(always)]
    fn lower(value: &Vec<T::Value>, room: &mut Room) -> Result<Self, Status> {
        room.list(value)
    }

    #[inline(always)]
    unsafe fn read<'a>(&'a self) -> Elements<'a, T> {
        // SAFETY: the caller's promise.
        Lazy(Reading(unsafe { self.elements() }.iter()))
    }

    #[inline(always)]
    unsafe fn take(self) -> Vec<T::Value> {
        // SAFETY: the caller's promise; each element is taken once, and the list given back when nobody reads it any more.
        unsafe {
            let taken = self.elements().iter().map(|element| element.take()).collect();
            self.give_back();
            taken
        }
    }

    #[inline(always)]
    unsafe fn free(self) {
        // SAFETY: as in `take`.
        unsafe {
            self.elements().iter().for_each(|element| element.free());
            self.give_back();
        }
    }
}

/// A string of UTF-8: where it starts, and how many bytes it has.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Text {
    start: *const u8,
    len: usize,
}

impl Lowered for Text {
    type Value = String;
    type Read<'a> = &'a str;

    #[inline(always)]
    fn lower(value: &String, _: &mut Room) -> Result<Self, Status> {
        Ok(Self { start: value.as_ptr(), len: value.len() })
    }

    #[inline(always)]
    unsafe fn read<'a>(&'a self) -> &'a str {
        // SAFETY: the caller's promise.
        unsafe { str::from_utf8_unchecked(slice::from_raw_parts(self.start, self.len)) }
    }

    #[inline(always)]
    unsafe fn take(self) -> String {
        // SAFETY: the caller's promise; a string's capacity is its length, and its alignment 1.
        unsafe { String::from_raw_parts(self.start.cast_mut(), self.len, self.len) }
    }

    #[inline(always)]
    unsafe fn free(self) {
        give_back(self.start, self.len, 1);
    }
}

/// A value or none.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Maybe<T: Copy> {
    is_there: bool,
    value: MaybeUninit<T>,
}

impl<T: Lowered> Maybe<T> {
    #[inline(always)]
    const fn get(&self) -> Option<&T> {
        // SAFETY: a value that is there has been written.
        if self.is_there { Some(unsafe { self.value.assume_init_ref() }) } else { None }
    }
}

impl<T: Lowered> Lowered for Maybe<T> {
    type Value = Option<T::Value>;
    type Read<'a>
        = Option<T::Read<'a>>
    where
        T: 'a;

    #[inline(always)]
    fn lower(value: &Option<T::Value>, room: &mut Room) -> Result<Self, Status> {
        Ok(match value {
            Some(value) => Self { is_there: true, value: MaybeUninit::new(T::lower(value, room)?) },
            None => Self { is_there: false, value: MaybeUninit::uninit() },
        })
    }

    #[inline(always)]
    unsafe fn read<'a>(&'a self) -> Option<T::Read<'a>> {
        // SAFETY: the caller's promise.
        self.get().map(|value| unsafe { value.read() })
    }

    #[inline(always)]
    unsafe fn take(self) -> Option<T::Value> {
        // SAFETY: the caller's promise.
        self.get().map(|value| unsafe { value.take() })
    }

    #[inline(always)]
    unsafe fn free(self) {
        if let Some(value) = self.get() {
            // SAFETY: the caller's promise.
            unsafe { value.free() };
        }
    }
}

/// What lies in memory as it is.
macro_rules! plain {
    ($($type:ty),+ $(,)?) => {
        $(
            impl $crate::lowered::Lowered for $type {
                type Value = Self;
                type Read<'a> = Self;

                #[inline(always)]
                fn lower(value: &Self, _: &mut $crate::lowered::Room) -> Result<Self, weft_guest::schemas::Status> {
                    Ok(*value)
                }

                #[inline(always)]
                unsafe fn read<'a>(&'a self) -> Self {
                    *self
                }

                #[inline(always)]
                unsafe fn take(self) -> Self {
                    self
                }

                #[inline(always)]
                unsafe fn free(self) {}
            }
        )+
    };
}
pub(crate) use plain;

plain! { bool, i8, u8, u16, i32, u32, i64, u64, f32, f64, [u32; 4] }

/// Defines a record: its fields as they lie in memory, and the plain value that it is.
macro_rules! record {
    ($name:ident: $value:ty, $lifetime:lifetime $read:ty, $make:path { $($field:ident: $type:ty),+ $(,)? }) => {
        #[derive(Clone, Copy)]
        #[repr(C)]
        pub struct $name { $($field: $type),+ }

        impl $crate::lowered::Lowered for $name {
            type Value = $value;
            type Read<$lifetime> = $read;

            #[inline(always)]
            fn lower(value: &$value, room: &mut $crate::lowered::Room) -> Result<Self, weft_guest::schemas::Status> {
                Ok(Self { $($field: <$type>::lower(&value.$field, room)?),+ })
            }

            #[inline(always)]
            unsafe fn read<$lifetime>(&$lifetime self) -> $read {
                // SAFETY: the caller's promise.
                unsafe { $make { $($field: self.$field.read()),+ } }
            }

            #[inline(always)]
            unsafe fn take(self) -> $value {
                // SAFETY: the caller's promise.
                unsafe { $make { $($field: self.$field.take()),+ } }
            }

            #[inline(always)]
            unsafe fn free(self) {
                // SAFETY: the caller's promise.
                unsafe { $(self.$field.free();)+ }
            }
        }
    };
}
pub(crate) use record;

/// Defines a tuple of values.
macro_rules! tuple {
    ($name:ident { $($field:tt: $type:ident),+ }) => {
        #[derive(Clone, Copy)]
        #[repr(C)]
        pub struct $name<$($type),+>($($type),+);

        impl<$($type: Lowered),+> Lowered for $name<$($type),+> {
            type Value = ($($type::Value),+);
            type Read<'a> = ($($type::Read<'a>),+) where $($type: 'a),+;

            #[inline(always)]
            fn lower(value: &Self::Value, room: &mut Room) -> Result<Self, Status> {
                Ok(Self($($type::lower(&value.$field, room)?),+))
            }

            #[inline(always)]
            unsafe fn read<'a>(&'a self) -> Self::Read<'a> {
                // SAFETY: the caller's promise.
                unsafe { ($(self.$field.read()),+) }
            }

            #[inline(always)]
            unsafe fn take(self) -> Self::Value {
                // SAFETY: the caller's promise.
                unsafe { ($(self.$field.take()),+) }
            }

            #[inline(always)]
            unsafe fn free(self) {
                // SAFETY: the caller's promise.
                unsafe { $(self.$field.free();)+ }
            }
        }
    };
}

tuple! { Pair { 0: A, 1: B } }
tuple! { Triple { 0: A, 1: B, 2: C } }
