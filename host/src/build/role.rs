//! The guests that a crate can have, and what they are compiled for.

use std::env::consts::DLL_EXTENSION;

/// Which of a codec's guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Encodes and sends.
    Producer,
    /// Receives and reads.
    Consumer,
    /// The producer of the task `reply`: it reads the answers as well.
    Requester,
    /// The consumer of the task `reply`: it encodes an answer.
    Replier,
}

impl Role {
    /// The roles of the tasks that go one way.
    pub const ONE_WAY: [Self; 2] = [Self::Producer, Self::Consumer];

    /// The roles of the task `reply`.
    pub const REPLY: [Self; 2] = [Self::Requester, Self::Replier];

    /// The role's name in file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Producer => "producer",
            Self::Consumer => "consumer",
            Self::Requester => "requester",
            Self::Replier => "replier",
        }
    }

    /// The features that a crate is built with for it.
    pub const fn features(self) -> &'static [&'static str] {
        match self {
            Self::Producer => &["producer"],
            Self::Consumer => &["consumer"],
            Self::Requester => &["producer", "reply"],
            Self::Replier => &["consumer", "reply"],
        }
    }

    /// The role of its side among those of the tasks that go one way.
    const fn side(self) -> Self {
        match self {
            Self::Producer | Self::Requester => Self::Producer,
            Self::Consumer | Self::Replier => Self::Consumer,
        }
    }

    /// The size of the shadow stack in bytes; static data follows it.
    ///
    /// A producer's stack is the first MiB. A consumer's stack ends, and its data begins, at 17 MiB:
    /// where both share one memory, the producer's stack and data lie below 16 MiB, and neither an
    /// overflowing stack nor the other guest's data is hit in silence.
    pub const fn stack_size(self) -> u32 {
        match self {
            Self::Producer | Self::Requester => 1 << 20,
            Self::Consumer | Self::Replier => 17 << 20,
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

    /// The directory that cargo builds guests of a role in. Each side has one of its own: in one, cargo would give both guests
    /// of a crate the same place. The roles of a side have most of what they are made of together, and are built in turn.
    pub(super) fn directory(self, role: Role) -> String {
        match self {
            Self::Wasm => role.side().name().to_owned(),
            Self::Native => format!("native-{}", role.side().name()),
        }
    }
}
