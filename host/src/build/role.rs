//! The two guests that a crate can have, and what they are compiled for.

use std::env::consts::DLL_EXTENSION;

/// Which of a codec's two guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Encodes and sends.
    Producer,
    /// Receives and reads.
    Consumer,
}

impl Role {
    /// Both roles.
    pub const ALL: [Self; 2] = [Self::Producer, Self::Consumer];

    /// The role's name in features and file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Producer => "producer",
            Self::Consumer => "consumer",
        }
    }

    /// The size of the shadow stack in bytes; static data follows it.
    ///
    /// A producer's stack is the first MiB. A consumer's stack ends, and its data begins, at 17 MiB:
    /// where both share one memory, the producer's stack and data lie below 16 MiB, and neither an
    /// overflowing stack nor the other guest's data is hit in silence.
    pub const fn stack_size(self) -> u32 {
        match self {
            Self::Producer => 1 << 20,
            Self::Consumer => 17 << 20,
        }
    }
}

/// What guests are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// WebAssembly that imports its memory.
    Wasm,
    /// A dynamic library for this machine.
    Native,
}

impl Target {
    /// The target's name for `rustc` and `cargo`; none where they take this machine by themselves.
    pub const fn triple(self) -> Option<&'static str> {
        match self {
            Self::Wasm => Some("wasm32-unknown-unknown"),
            Self::Native => None,
        }
    }

    /// What the name of a guest's file ends in, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Wasm => "wasm",
            Self::Native => DLL_EXTENSION,
        }
    }

    /// The compiler's flags for a guest of this role.
    pub(super) fn flags(self, role: Role) -> Vec<String> {
        match self {
            Self::Wasm => {
                vec!["-Clink-arg=--import-memory".to_owned(), format!("-Clink-arg=-zstack-size={}", role.stack_size())]
            }
            Self::Native => Vec::new(),
        }
    }

    /// The directory that cargo builds guests of a role in. Each role has one of its own: in one, cargo would give both
    /// guests of a crate the same place.
    pub(super) fn directory(self, role: Role) -> String {
        match self {
            Self::Wasm => role.name().to_owned(),
            Self::Native => format!("native-{}", role.name()),
        }
    }
}
