//! Guests as files, which hosts take: known by their content.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use weft_link::module::sha256;

use super::GuestsError;

/// A file with its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// The SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

impl File {
    /// The file at `path`.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn at(path: PathBuf) -> Result<Self, GuestsError> {
        let sha256 = sha256(&read(&path)?);
        Ok(Self { path, sha256 })
    }

    /// A file with this content, which is written where there is none yet.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn holding(content: &[u8]) -> Result<Self, GuestsError> {
        let sha256 = sha256(content);
        let path = target_directory().join("guests/files").join(format!("{sha256}.wasm"));
        if !path.is_file() {
            write(&path, content).map_err(|error| GuestsError::File { path: path.display().to_string(), error })?;
        }
        Ok(Self { path, sha256 })
    }

    /// Its content.
    ///
    /// # Errors
    /// Where it cannot be read, or is another one by now.
    pub fn content(&self) -> Result<Vec<u8>, GuestsError> {
        let content = read(&self.path)?;
        let found = sha256(&content);
        if found == self.sha256 {
            return Ok(content);
        }
        let error = io::Error::other(format!("its SHA-256 is {found}, but must be {}", self.sha256));
        Err(GuestsError::File { path: self.path.display().to_string(), error })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, GuestsError> {
    fs::read(path).map_err(|error| GuestsError::File { path: path.display().to_string(), error })
}

/// Several processes may do this at once: whoever is last wins, with the same content.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(path);
    fs::create_dir_all(directory)?;
    let mut file = NamedTempFile::new_in(directory)?;
    file.write_all(content)?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// The root of the workspace that this library was built in.
pub fn workspace() -> &'static Path {
    let host = Path::new(env!("CARGO_MANIFEST_DIR"));
    host.parent().unwrap_or(host)
}

/// The target directory that this library was built in.
pub fn target_directory() -> PathBuf {
    PathBuf::from(env!("WEFT_TARGET_DIRECTORY"))
}
