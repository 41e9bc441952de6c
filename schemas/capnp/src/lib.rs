//! The code that capnpc makes of `schemas/weft.capnp`.

pub mod generated;
