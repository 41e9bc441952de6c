//! The attacks: one file each in `modules/hostile`, of which the head says what it is and the rest is what is hostile.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use weft_link::guest::{Guest, GuestError, GuestName, Side};
use weft_link::transport::Transport;

use super::forms::assemble;
use super::header::{Header, Input};
use super::outcome::{Outcome, Seen};
use crate::guests::workspace;

/// One of the two guests of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// Sends.
    Near,
    /// Receives.
    Far,
}

impl Half {
    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Near => Self::Far,
            Self::Far => Self::Near,
        }
    }

    /// The word in files and sentences.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Near => "producer",
            Self::Far => "consumer",
        }
    }
}

/// Which honest guests an attack is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Messages are bytes.
    Bytes,
    /// Messages are records.
    Typed,
}

impl Base {
    /// The text of the honest guest.
    pub fn honest(self, half: Half) -> anyhow::Result<String> {
        let prefix = match self {
            Self::Bytes => "",
            Self::Typed => "typed.",
        };
        base(&format!("{prefix}{}", half.name()))
    }
}

/// The text of the guest with this name that attacks are made of.
pub fn base(name: &str) -> anyhow::Result<String> {
    read(&directory().join("base").join(format!("{name}.wat")))
}

/// What makes the bytes of a guest, binary or text, of the text of an honest one and the name of an input.
pub type Make = fn(honest: &str, input: &str) -> Vec<u8>;

/// Where an attack's guest comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// The forms of its file.
    Forms(String),
    /// A function makes it of an honest one.
    Made(Make),
    /// Malformed bytes for the consumer of this codec.
    Codec(String),
    /// A message of this codec that is changed while its consumer reads it.
    Changes(String),
}

/// An attack.
#[derive(Clone, Debug)]
pub struct Attack {
    /// Its name: that of its file.
    pub name: String,
    /// What it says of itself.
    pub head: Header,
    /// What its guest is made of.
    pub origin: Origin,
}

impl Attack {
    /// The attack of a file.
    fn of_file(path: &Path) -> anyhow::Result<Self> {
        let text = read(path)?;
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let head = Header::read(&text).map_err(|why| anyhow!("{}: {why}", path.display()))?;
        Ok(Self { name, head, origin: Origin::Forms(text) })
    }

    /// Whether its guest is the text of a file.
    pub const fn is_of_a_file(&self) -> bool {
        matches!(self.origin, Origin::Forms(_))
    }

    /// Why there is nothing to try over a transport, or nobody has tried; none where it is tried.
    pub fn nothing_over(&self, transport: &dyn Transport) -> Option<Seen> {
        if let Some(why) = &self.head.untested {
            return Some(Seen::nothing(Outcome::NotTested, why));
        }
        let nothing = |why: &str| Some(Seen::nothing(Outcome::NotApplicable, why));
        if let Some(why) = self.head.not_over(transport.name()) {
            return nothing(why);
        }
        if let Err(why) = transport.supported() {
            return nothing(&why);
        }
        if self.head.base == Base::Typed && !transport.carries_records() {
            return nothing("its messages are records, and this transport carries bytes");
        }
        None
    }

    /// The hostile guest of one of its inputs.
    ///
    /// # Errors
    /// Where a file cannot be read, or its text does not fit together. What is wrong with the guest itself is the inner result.
    pub fn guest(&self, input: &Input) -> anyhow::Result<Result<Guest, GuestError>> {
        let half = self.head.side;
        let honest = self.head.base.honest(half)?;
        let wasm = match &self.origin {
            Origin::Forms(text) => {
                let text = assemble(&honest, &input.substituted(text));
                let text = text.map_err(|why| anyhow!("{}: {why}", self.name))?;
                // Text that is none is a fault of the attack, and nothing that was refused.
                wat::parse_str(text).with_context(|| format!("{}: {}", self.name, input.name))?
            }
            Origin::Made(make) => {
                let honest = assemble(&honest, "").map_err(|why| anyhow!("{}: {why}", self.name))?;
                make(&honest, &input.name)
            }
            Origin::Codec(codec) | Origin::Changes(codec) => bail!("the guests of {codec} are not hostile"),
        };
        Ok(Guest::read(self.named(half), &wasm))
    }

    /// The honest guest of a half.
    ///
    /// # Errors
    /// Where its file cannot be read, or is none.
    pub fn honest(&self, half: Half) -> anyhow::Result<Guest> {
        let text =
            assemble(&self.head.base.honest(half)?, "").map_err(|why| anyhow!("the honest {}: {why}", half.name()))?;
        Ok(Guest::read(self.named(half), text.as_bytes())?)
    }

    /// The name of a guest in errors.
    fn named(&self, half: Half) -> GuestName {
        let side = match (half, self.head.is_answered()) {
            (Half::Near, false) => Side::Producer,
            (Half::Near, true) => Side::Requester,
            (Half::Far, false) => Side::Consumer,
            (Half::Far, true) => Side::Replier,
        };
        let codec = if half == self.head.side { "hostile" } else { "honest" };
        GuestName { codec: codec.to_owned(), side }
    }
}

/// The attacks of all files, in the order of their groups.
///
/// # Errors
/// Where a file cannot be read, or does not say what it is.
pub fn of_files() -> anyhow::Result<Vec<Attack>> {
    let directory = directory();
    let entries = fs::read_dir(&directory).with_context(|| format!("cannot read {}", directory.display()))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.with_context(|| format!("cannot read {}", directory.display()))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "wat"));
    paths.sort();
    paths.iter().map(|path| Attack::of_file(path)).collect()
}

/// Where the attacks are.
pub fn directory() -> PathBuf {
    workspace().join("modules/hostile")
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
