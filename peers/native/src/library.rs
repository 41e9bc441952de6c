//! A guest's file, and the copies of it that are loaded.

use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

use sha2::{Digest, Sha256};
use weft_link::guest::GuestName;

use crate::NativeError;
use crate::memory::Memory;

/// The copies that were loaded last, kept open: the system gives the pages of a copy that is gone to the next one, whose code would
/// lie where the last one's did.
static COPIES: Mutex<VecDeque<File>> = Mutex::new(VecDeque::new());
/// So many they are: those of eight placements of two guests.
const KEPT_COPIES: usize = 16;

/// The file of a guest, read and checked once for all its pairs.
pub struct GuestFile {
    name: GuestName,
    path: PathBuf,
    bytes: Vec<u8>,
}

impl GuestFile {
    /// Reads the file at `path`, which must have this SHA-256 in lower-case hexadecimal digits.
    ///
    /// # Errors
    /// Where it cannot be read, or is another file.
    pub fn read(name: GuestName, path: &Path, sha256: &str) -> Result<Self, NativeError> {
        let path = path.to_owned();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => return Err(NativeError::Unreadable { guest: name, path, reason: error.to_string() }),
        };
        let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if found == sha256 {
            Ok(Self { name, path, bytes })
        } else {
            Err(NativeError::Changed { guest: name, path, found, expected: sha256.to_owned() })
        }
    }

    /// Opens a copy of its own: the linker would give the same file out once more, with the statics of the pair before.
    fn open(&self) -> Result<libloading::Library, String> {
        // Beside the file, where libraries may be loaded from; the copy's name is gone as soon as it is open.
        let directory = self.path.parent().unwrap_or(Path::new("."));
        let copy = tempfile::Builder::new().prefix(".guest-").suffix(env::consts::DLL_SUFFIX).tempfile_in(directory);
        let copy = copy.map_err(|error| format!("it cannot be copied into {}: {error}", directory.display()))?;
        fs::write(copy.path(), &self.bytes).map_err(|error| format!("{}: {error}", copy.path().display()))?;
        let library = open(copy.path()).map_err(|error| error.to_string())?;
        let mut copies = COPIES.lock().unwrap_or_else(PoisonError::into_inner);
        copies.push_back(copy.into_file());
        if copies.len() > KEPT_COPIES {
            copies.pop_front();
        }
        Ok(library)
    }
}

/// Loads a library, all of it now, and none of its names for others.
#[cfg(unix)]
fn open(path: &Path) -> Result<libloading::Library, libloading::Error> {
    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
    // SAFETY: the harness built the file from a codec's crate; what a Rust library does when it is loaded is std's own.
    unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map(Into::into)
}

/// Loads a library.
#[cfg(not(unix))]
fn open(path: &Path) -> Result<libloading::Library, libloading::Error> {
    // SAFETY: the harness built the file from a codec's crate; what a Rust library does when it is loaded is std's own.
    unsafe { libloading::Library::new(path) }
}

/// A guest that is loaded, with statics and memory of its own. It is closed when it is dropped, and its memory is freed
/// after that.
pub struct Library {
    name: GuestName,
    library: libloading::Library,
    _memory: Option<Memory>,
}

impl Library {
    /// Loads a copy of `file`, and gives it a memory of `memory_bytes`, if it wants one.
    ///
    /// # Errors
    /// Where it cannot be loaded, or there is no room for its memory.
    pub fn load(file: &GuestFile, memory_bytes: usize) -> Result<Self, NativeError> {
        let name = file.name.clone();
        let library = file.open().map_err(|reason| {
            let (guest, path) = (name.clone(), file.path.clone());
            NativeError::Unloadable { guest, path, reason }
        })?;
        // SAFETY: the ABI says that `weft_memory` has this type.
        let wants = unsafe { library.get::<unsafe extern "C" fn(*mut u8, usize)>("weft_memory") };
        let memory = match wants {
            Ok(give) => {
                let memory = Memory::new(memory_bytes)
                    .ok_or_else(|| NativeError::NoMemory { guest: name.clone(), bytes: memory_bytes })?;
                let (start, len) = memory.range();
                // SAFETY: the memory is zeroed and aligned, nothing of the guest has been called yet, and it is freed after
                // the library is closed.
                unsafe { give(start, len) };
                Some(memory)
            }
            // With the platform's allocator.
            Err(_) => None,
        };
        Ok(Self { name, library, _memory: memory })
    }

    /// Who it is.
    pub const fn name(&self) -> &GuestName {
        &self.name
    }

    /// The function that it exports by this name; it may be called while the library is there.
    ///
    /// # Safety
    /// `F` must be a pointer to a function of the type that the ABI gives to `export`.
    ///
    /// # Errors
    /// Where there is no such export.
    pub unsafe fn export<F: Copy>(&self, export: &str) -> Result<F, NativeError> {
        // SAFETY: the caller's promise.
        match unsafe { self.library.get::<F>(export) } {
            Ok(function) => Ok(*function),
            Err(_) => Err(NativeError::MissingExport { guest: self.name.clone(), export: export.to_owned() }),
        }
    }
}
