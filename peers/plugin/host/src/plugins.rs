//! The plugins that a host was built with.

use sha2::{Digest, Sha256};

/// A plugin: a module of WebAssembly.
#[derive(Clone, Copy, Debug)]
pub struct Module {
    /// Its name, as `bytes.producer`.
    pub name: &'static str,
    /// Its content.
    pub wasm: &'static [u8],
}

/// The two plugins of a codec.
#[derive(Clone, Copy, Debug)]
pub struct Plugins {
    /// The codec's name.
    pub codec: &'static str,
    /// The plugin that encodes.
    pub producer: Module,
    /// The plugin that reads.
    pub consumer: Module,
}

impl Module {
    /// Its name with the first half of its SHA-256, in hexadecimal: `bytes.producer=1b2e…`.
    pub fn hashed(&self) -> String {
        let hash: String = Sha256::digest(self.wasm).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{}={hash}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Module;

    #[test]
    fn a_plugin_is_named_with_its_hash() {
        // The SHA-256 of "abc", from FIPS 180-2, appendix B.1.
        let module = Module { name: "bytes.producer", wasm: b"abc" };
        assert_eq!(module.hashed(), "bytes.producer=ba7816bf8f01cfea414140de5dae2223");
    }
}
