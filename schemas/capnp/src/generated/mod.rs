//! What capnpc makes of `schemas/weft.capnp`. `schemas/generate.sh` writes it, and finds out with `--check` whether it is
//! current.
#![allow(missing_docs, unsafe_code, unsafe_op_in_unsafe_fn, reason = "generated")]
#![allow(clippy::all, clippy::undocumented_unsafe_blocks, reason = "generated")]

#[rustfmt::skip]
pub mod weft_capnp;
