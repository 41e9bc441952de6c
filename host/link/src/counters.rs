//! What a transport does with messages, counted where it happens.

use std::ops::Sub;

/// Totals of a pair since it was joined, counted where things happen.
///
/// The host's call of `produce` itself is not counted: the loop runs inside the producer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Payload copies made by the host or an adapter.
    pub copies: u64,
    /// Bytes copied by them.
    pub copied_bytes: u64,
    /// Calls from the host into a guest.
    pub host_to_wasm: u64,
    /// Calls from a guest into the host.
    pub wasm_to_host: u64,
    /// Calls from one module into another without the host.
    pub wasm_to_wasm: u64,
}

impl Sub for Counters {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            copies: self.copies - earlier.copies,
            copied_bytes: self.copied_bytes - earlier.copied_bytes,
            host_to_wasm: self.host_to_wasm - earlier.host_to_wasm,
            wasm_to_host: self.wasm_to_host - earlier.wasm_to_host,
            wasm_to_wasm: self.wasm_to_wasm - earlier.wasm_to_wasm,
        }
    }
}

impl Counters {
    /// The one way in which a host transport copies a payload: it counts.
    #[inline(always)]
    pub(crate) fn copy(&mut self, from: &[u8], to: &mut [u8]) {
        to.copy_from_slice(from);
        self.copies += 1;
        self.copied_bytes += from.len() as u64;
    }

    /// A message that came to the host and went on to the consumer.
    #[inline(always)]
    pub(crate) fn through_host(&mut self) {
        self.wasm_to_host += 1;
        self.host_to_wasm += 1;
    }
}
