//! Nothing: the package is its bench. Cargo wants a target that `cargo test` can build.
