//! Why guests cannot be built, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::Target;
use crate::interrupt::Interrupted;

/// Why guests cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// This command was asked to end before the guests were built.
    #[error("{0}")]
    Interrupted(#[from] Interrupted),
    /// The directory that the sources are expected in is not there.
    #[error(
        "guests are built from weft's workspace, which is not in {} ({reason}).\n\
         Where it was moved, build weft again there",
        path.display()
    )]
    Workspace {
        /// Where the workspace should be.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// A directory that should be a guest's crate is not one.
    #[error("{} is no crate of guests: {reason}", manifest.display())]
    Manifest {
        /// The crate's `Cargo.toml`.
        manifest: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A tool does not start.
    #[error(
        "guests are compiled with `{tool}`, which does not start ({reason}).\n\
         Install Rust (https://rustup.rs) or add it to PATH"
    )]
    Tool {
        /// The tool's name or path.
        tool: String,
        /// What the system says.
        reason: io::Error,
    },
    /// The toolchain cannot compile to WebAssembly, and could not be taught to.
    #[error(
        "weft compiles its guests to {target}, which this toolchain does not have,\n\
         and adding it failed ({reason}).\n\
         Run this, then try again:\n\n    rustup target add {target}",
        target = Target::Wasm.triple().unwrap_or_default()
    )]
    Target {
        /// What rustup says.
        reason: String,
    },
    /// A call of cargo failed before anything was compiled, or for a reason that the compiler does not give.
    #[error("cargo cannot {what}:\n{text}")]
    Cargo {
        /// What it was called for.
        what: String,
        /// What cargo says.
        text: String,
    },
    /// A crate does not compile.
    #[error("{what} does not compile:\n{text}")]
    Compile {
        /// The guests or the crates that do not compile.
        what: String,
        /// What the compiler says.
        text: String,
    },
    /// A guest is made of sources whose changes would not be noticed.
    #[error(
        "the codec `{name}` depends on {}, which lies outside of it; move that into {name}'s own directory, or use a \
         package of a registry",
        path.display()
    )]
    Foreign {
        /// The guest's crate.
        name: String,
        /// The directory of the package that it depends on.
        path: PathBuf,
    },
    /// Somebody changed the sources while they were compiled.
    #[error("the guests' sources changed while they were compiled; run this again")]
    Changed,
    /// A file or directory cannot be read or written.
    #[error("{}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
}

impl BuildError {
    /// Gives an error of the system the path that it is about.
    pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Self {
        move |reason| Self::File { path: path.to_owned(), reason }
    }
}
