//! *weft* measures how two WebAssembly modules in one host hand messages to each other, and what each
//! way costs.
//!
//! The modules stand on each other in this order, and import only what stands below: what is measured ([`cell`]), with which
//! guests ([`guests`]), whether they are right ([`mod@verify`]), how they are timed ([`measure`]) and counted
//! ([`exact`]), what every codec is tried with ([`trials`]); the protocol that hosts speak ([`protocol`]), weft's own host ([`serve`]), what is kept
//! ([`record`]), which hosts there are ([`hosts`]), the run ([`run`]), hostile guests ([`attack`]); and what is made of a run ([`report`],
//! [`compare`]); races ([`race`]), the command ([`cli`]), and what
//! bytes from strangers are tried on ([`strangers`]). Below all are the environment ([`variables`]), what is printed
//! ([`mod@print`]), how a command ends early ([`interrupt`]), how JSON of others is read ([`json`]) and what a misspelt name
//! was meant to be (`spelling`). How guests are linked is a crate of
//! its own, `weft-link`.
#![deny(unsafe_code)]

// The fixture of unit and integration tests is one file, which calls the library `weft` in both.
#[cfg(test)]
extern crate self as weft;

pub mod attack;
pub mod build;
pub mod cell;
pub mod cli;
pub mod compare;
pub mod exact;
pub mod guests;
pub mod hosts;
pub mod interrupt;
pub mod json;
pub mod lock;
pub mod measure;
mod page;
pub mod print;
pub mod protocol;
pub mod race;
pub mod record;
pub mod report;
pub mod run;
pub mod serve;
mod spelling;
pub mod statistics;
pub mod strangers;
pub mod trials;
pub mod variables;
pub mod verify;
