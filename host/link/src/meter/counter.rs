//! The names of the counters in a metered module.

/// A counter: an exported global of type `i64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the fields of GuestFigures")]
#[repr(u32)]
pub enum Counter {
    Instructions,
    Calls,
    Allocations,
    AllocatedBytes,
    GrownPages,
    ReadMessage,
    ReadShadowStack,
    ReadStaticData,
    ReadHeap,
    WrittenMessage,
    WrittenShadowStack,
    WrittenStaticData,
    WrittenHeap,
    ReadAnswer,
    WrittenAnswer,
}

impl Counter {
    /// All of them, in the order of the globals.
    pub const ALL: [Self; 15] = [
        Self::Instructions,
        Self::Calls,
        Self::Allocations,
        Self::AllocatedBytes,
        Self::GrownPages,
        Self::ReadMessage,
        Self::ReadShadowStack,
        Self::ReadStaticData,
        Self::ReadHeap,
        Self::WrittenMessage,
        Self::WrittenShadowStack,
        Self::WrittenStaticData,
        Self::WrittenHeap,
        Self::ReadAnswer,
        Self::WrittenAnswer,
    ];

    /// The name of its export.
    pub fn export(self) -> String {
        format!("weft.meter.{self:?}")
    }
}

/// What the names of all exports of a metered guest begin with that its module has not itself. No guest may have such a name.
pub const RESERVED: &str = "weft.meter.";

/// The export that says where the outbox or inbox begins; the host sets it.
pub const MESSAGE_START: &str = "weft.meter.message_start";
/// The export that says how large it is, in bytes; the host sets it.
pub const MESSAGE_LEN: &str = "weft.meter.message_len";
/// The export that says where answers begin; the host sets it.
pub const ANSWER_START: &str = "weft.meter.answer_start";
/// The export that says how large their region is, in bytes, 0 where there is none; the host sets it.
pub const ANSWER_LEN: &str = "weft.meter.answer_len";
/// The export whose byte number n is 1 where the guest grew page n of its memory.
pub const GROWN_PAGES: &str = "weft.meter.grown_pages";
