//! What messages need, in words.

use capnp::private::layout::StructSize;
use capnp::traits::HasStructSize;

/// Bytes in Cap'n Proto's unit.
pub const WORD: usize = 8;

/// The words of the struct that `B` builds.
pub const fn struct_words<B: HasStructSize>() -> usize {
    let StructSize { data, pointers } = B::STRUCT_SIZE;
    data as usize + pointers as usize
}

/// The words of a message beside what its root's pointers lead to: the root and the pointer to it.
pub const fn root_words<B: HasStructSize>() -> usize {
    1 + struct_words::<B>()
}

/// The words of a list of `count` structs that `B` builds: a tag, and the structs.
pub const fn list_words<B: HasStructSize>(count: usize) -> usize {
    1 + count * struct_words::<B>()
}
