//! The code that flatc makes of `schemas/weft.fbs`.

pub mod generated;
