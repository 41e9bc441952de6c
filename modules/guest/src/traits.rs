//! What a codec says about itself: data that reports show and rank by.

/// What a module is in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Turns a value into bytes, or keeps it in a shared representation.
    Codec,
    /// Moves bytes and turns nothing: what the transport alone costs. Its tasks are those of
    /// `weft_schemas::blob::floor_digest`.
    Floor,
}

/// When the consumer checks that what it reads is well-formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validation {
    /// Never: malformed bytes are undefined behaviour or garbage.
    None,
    /// Each part when it is read.
    Lazily,
    /// The whole message before the first field is read.
    UpFront,
}

/// What becomes of a field that the reader's type does not have, in a message of a later version of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evolution {
    /// The message is refused or misread.
    No,
    /// The field is skipped: the message says what belongs to it.
    Yes,
    /// The field is skipped where the later schema keeps to the library's rules for changing one.
    WithSchema,
}

/// The release of a library that a codec uses.
#[derive(Clone, Copy, Debug)]
pub struct Release {
    /// Its version, as in `Cargo.lock`.
    pub version: &'static str,
    /// The month in which it was published: `2025-03`.
    pub month: &'static str,
    /// Whether anybody maintains the library.
    pub maintained: bool,
}

/// What a codec is and does; part of every report.
#[derive(Clone, Copy, Debug)]
pub struct Traits {
    /// One line for `weft list`.
    pub about: &'static str,
    /// Codec or floor.
    pub role: Role,
    /// The crate behind it, as in `Cargo.lock`; empty for code of this project.
    pub library: &'static str,
    /// Which release of that crate it is; none for code of this project.
    pub release: Option<Release>,
    /// Needs a schema that both sides compile.
    pub schema: bool,
    /// What becomes of a field that the reader does not know.
    pub evolution: Evolution,
    /// A message says of what type each of its parts is, so that a reader who does not know its type can read it.
    pub self_describing: bool,
    /// Turns a value into bytes for each message. A codec that does not keeps its messages in the outbox
    /// and changes them there; it is ranked apart, because its producer works differently.
    pub encodes: bool,
    /// A message is a list of records in the layout of the component model: a pointer, and how many there are. It cannot go where
    /// messages are bytes (docs/ABI.md, "Typed messages").
    pub typed: bool,
    /// Reads fields where they lie, without decoding the message first.
    pub in_place: bool,
    /// When it checks what it reads.
    pub validates: Validation,
    /// `scan` hands out strings whose UTF-8 is checked. (`own` always checks.)
    pub scan_checks_utf8: bool,
    /// Reads a message with bytes behind its end as if these were not there. (Otherwise it refuses them, or they make it another message.)
    pub trailing_bytes: bool,
    /// Reuses its encoder's state from message to message.
    pub reuses_buffers: bool,
    /// The most bytes that it takes because a malformed message says that it is so long, beyond what the message's own length allows.
    pub trusts_lengths: u32,
    /// Why a message, or a task (`own`), or a task of a message (`blob/own`) is unsupported; `*` is any message that the codec
    /// does not name. Without a reason here reports say that the codec does not carry the message.
    pub unsupported: &'static [(&'static str, &'static str)],
}

impl Traits {
    /// What a codec is that turns whole values, where it does not say otherwise: `Traits { about: "…", library: "…", ..Traits::USUAL }`.
    pub const USUAL: Self = Self {
        about: "",
        role: Role::Codec,
        library: "",
        release: None,
        schema: false,
        evolution: Evolution::No,
        self_describing: false,
        encodes: true,
        typed: false,
        in_place: false,
        validates: Validation::Lazily,
        scan_checks_utf8: true,
        trailing_bytes: false,
        reuses_buffers: true,
        trusts_lengths: 0,
        unsupported: &[],
    };
}

/// The traits as JSON, with the ABI's version, padded with spaces: the content of the custom section `weft.traits`.
///
/// # Panics
/// At compile time, where they do not fit, or hold a quote, a backslash or a control character.
pub const fn section<const N: usize>(traits: &Traits) -> [u8; N] {
    let json = Json { bytes: [b' '; N], len: 0 };
    let json = json.raw("{\"abi\":1,\"about\":").string(traits.about);
    let json = json.raw(",\"role\":").string(match traits.role {
        Role::Codec => "codec",
        Role::Floor => "floor",
    });
    let json = json.raw(",\"library\":").string(traits.library);
    let json = match traits.release {
        Some(release) => json.raw(",\"release\":").release(&release),
        None => json,
    };
    let json = json.raw(",\"schema\":").bool(traits.schema);
    let json = json.raw(",\"evolution\":").string(match traits.evolution {
        Evolution::No => "no",
        Evolution::Yes => "yes",
        Evolution::WithSchema => "with a schema",
    });
    let json = json.raw(",\"self_describing\":").bool(traits.self_describing);
    let json = json.raw(",\"encodes\":").bool(traits.encodes);
    // Most are not, and need not say so.
    let json = if traits.typed { json.raw(",\"typed\":true") } else { json };
    let json = json.raw(",\"in_place\":").bool(traits.in_place);
    let json = json.raw(",\"validates\":").string(match traits.validates {
        Validation::None => "none",
        Validation::Lazily => "lazily",
        Validation::UpFront => "up front",
    });
    let json = json.raw(",\"scan_checks_utf8\":").bool(traits.scan_checks_utf8);
    let json = json.raw(",\"trailing_bytes\":").bool(traits.trailing_bytes);
    let json = json.raw(",\"reuses_buffers\":").bool(traits.reuses_buffers);
    let json = json.raw(",\"trusts_lengths\":").number(traits.trusts_lengths);
    let mut json = json.raw(",\"unsupported\":{");
    let mut i = 0;
    while i < traits.unsupported.len() {
        let (what, why) = traits.unsupported[i];
        json = json.raw(if i == 0 { "" } else { "," }).string(what).raw(":").string(why);
        i += 1;
    }
    json.raw("}}").bytes
}

struct Json<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Json<N> {
    const fn raw(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut i = 0;
        while i < text.len() {
            assert!(self.len < N, "the codec's traits do not fit into their section");
            self.bytes[self.len] = text[i];
            self.len += 1;
            i += 1;
        }
        self
    }

    const fn string(self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            assert!(
                bytes[i] >= b' ' && bytes[i] != b'"' && bytes[i] != b'\\',
                "a trait has a character that JSON escapes"
            );
            i += 1;
        }
        self.raw("\"").raw(text).raw("\"")
    }

    const fn release(self, release: &Release) -> Self {
        let json = self.raw("{\"version\":").string(release.version).raw(",\"month\":").string(release.month);
        json.raw(",\"maintained\":").bool(release.maintained).raw("}")
    }

    const fn number(self, value: u32) -> Self {
        let json = if value < 10 { self } else { self.number(value / 10) };
        let Json { mut bytes, len } = json;
        assert!(len < N, "the codec's traits do not fit into their section");
        bytes[len] = b'0' + (value % 10) as u8;
        Json { bytes, len: len + 1 }
    }

    const fn bool(self, value: bool) -> Self {
        self.raw(if value { "true" } else { "false" })
    }
}
