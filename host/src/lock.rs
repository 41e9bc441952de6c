//! What the workspace's `Cargo.lock` says.

use sha2::{Digest, Sha256};

const LOCK: &str = include_str!("../../Cargo.lock");

/// The SHA-256 of the workspace's `Cargo.lock`, in hexadecimal.
pub fn lock_sha256() -> String {
    Sha256::digest(LOCK).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The version of a package in the workspace's `Cargo.lock`.
pub fn locked_version(package: &str) -> Option<&'static str> {
    let mut lines = LOCK.lines();
    let name = format!("name = \"{package}\"");
    lines.find(|line| *line == name)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn versions_come_from_the_lock_file() {
        assert!(locked_version("wasmtime").is_some_and(|version| version.starts_with("48.")));
        assert_eq!(locked_version("no-such-package"), None);
        assert_eq!(locked_version(""), None);
    }
}
