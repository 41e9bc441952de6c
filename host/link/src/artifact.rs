//! Compiled modules and components as bytes, and a directory in which the processes of one host leave them for one another.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process;

use sha2::{Digest, Sha256};

use crate::module::sha256;

/// A compiled module or component as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact(pub(crate) Vec<u8>);

/// A directory of compiled modules and components. Each is a file: the SHA-256 of what follows, then the module or component.
#[derive(Clone, Debug)]
pub struct Artifacts(PathBuf);

impl Artifacts {
    /// Those in a directory, which need not be there yet.
    ///
    /// # Safety
    /// What lies in it is run as machine code. So nobody but processes of one build of a host may write to it.
    #[allow(unsafe_code, reason = "who names the directory knows who writes to it")]
    pub const unsafe fn in_directory(path: PathBuf) -> Self {
        Self(path)
    }

    /// What `compile` makes of a module or component for an engine, or made of it earlier.
    ///
    /// # Errors
    /// Those of `compile`.
    pub(crate) fn find_or_compile(
        &self,
        engine: &wasmtime::Engine,
        wasm: &[u8],
        compile: impl FnOnce() -> wasmtime::Result<Artifact>,
    ) -> wasmtime::Result<Artifact> {
        let path = self.0.join(name(engine, wasm));
        if let Some(found) = read(&path) {
            return Ok(found);
        }
        let made = compile()?;
        // Whoever finds none compiles, which only takes longer.
        let _ = write(&path, &made);
        Ok(made)
    }
}

/// The name of the file of a module or component. Engines that compile in another way have others.
fn name(engine: &wasmtime::Engine, wasm: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    format!("{}-{:016x}", sha256(wasm), hasher.finish())
}

/// The artifact of a file. None where there is none, or a damaged one.
fn read(path: &Path) -> Option<Artifact> {
    let mut bytes = fs::read(path).ok()?;
    let hash = *bytes.first_chunk::<32>()?;
    bytes.drain(..hash.len());
    (Sha256::digest(&bytes).as_slice() == hash).then_some(Artifact(bytes))
}

/// Writes an artifact to a file, which is whole whenever it is there.
fn write(path: &Path, Artifact(bytes): &Artifact) -> io::Result<()> {
    // Not its parents: they are gone where the command is over.
    let _ = fs::create_dir(path.parent().unwrap_or(path));
    let new = path.with_extension(process::id().to_string());
    let written = fs::write(&new, [Sha256::digest(bytes).as_slice(), bytes].concat());
    written.and_then(|()| fs::rename(&new, path)).inspect_err(|_| drop(fs::remove_file(&new)))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use wasmtime::{Config, OptLevel};

    use super::{Artifact, Artifacts, name};
    use crate::Engine;

    const MODULE: &[u8] = b"\0asm\x01\0\0\0";

    /// A directory of this test.
    fn directory(test: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("weft-artifacts-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        path
    }

    #[test]
    fn a_module_is_compiled_once() {
        let (path, engine) = (directory("once"), Engine::default());
        let artifacts = Artifacts(path.clone());
        let find = |made: u8| artifacts.find_or_compile(engine.wasmtime(), MODULE, || Ok(Artifact(vec![made])));
        assert_eq!(find(1).ok(), Some(Artifact(vec![1])));
        assert_eq!(find(2).ok(), Some(Artifact(vec![1])), "it was found");
        let file = path.join(name(engine.wasmtime(), MODULE));
        let mut bytes = fs::read(&file).expect("the file");
        *bytes.last_mut().expect("a byte") ^= 1;
        fs::write(&file, bytes).expect("a damaged file");
        assert_eq!(find(3).ok(), Some(Artifact(vec![3])), "what is damaged is made anew");
        assert_eq!(find(4).ok(), Some(Artifact(vec![3])));
        fs::write(&file, b"short").expect("a damaged file");
        assert_eq!(find(5).ok(), Some(Artifact(vec![5])));
        fs::remove_dir_all(path).expect("a directory");
    }

    #[test]
    fn where_nothing_can_be_written_it_is_compiled_each_time() {
        let engine = Engine::default();
        let artifacts = Artifacts("/dev/null/none".into());
        let find = |made: u8| artifacts.find_or_compile(engine.wasmtime(), MODULE, || Ok(Artifact(vec![made])));
        assert_eq!((find(1).ok(), find(2).ok()), (Some(Artifact(vec![1])), Some(Artifact(vec![2]))));
    }

    /// Counting compiles without optimisation; were it to use such a directory, its code would not be what is timed.
    #[test]
    fn other_engines_have_other_files() {
        let engine = |change: fn(&mut Config)| {
            Engine::configured(&crate::DEFAULT, crate::Limits::default(), change).expect("an engine")
        };
        let usual = engine(|_| ());
        let others = [
            engine(|config| _ = config.cranelift_opt_level(OptLevel::None)),
            engine(|config| _ = config.epoch_interruption(true)),
            engine(|config| _ = config.compiler_inlining(wasmtime::Inlining::Yes)),
        ];
        assert_eq!(name(usual.wasmtime(), MODULE), name(engine(|_| ()).wasmtime(), MODULE));
        for other in others {
            assert_ne!(name(usual.wasmtime(), MODULE), name(other.wasmtime(), MODULE));
        }
    }
}
