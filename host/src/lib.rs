//! *weft* measures how two WebAssembly modules in one host hand messages to each other, and what each
//! way costs.
//!
//! A codec is two guests ([`guest`]); a transport is a way to link them ([`transport`]); what is
//! timed is in [`measure`]; a run and its files are in [`run`] and [`report`].
#![deny(unsafe_code)]

pub mod build;
pub mod cli;
pub mod compare;
pub mod engine;
pub mod exact;
pub mod guest;
pub mod measure;
mod page;
pub mod report;
pub mod run;
pub mod transport;
