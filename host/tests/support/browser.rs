//! Headless Chromium: what a page is after its script has run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Chromium, if there is one: `WEFT_CHROMIUM`, or one of its usual names.
pub fn chromium() -> Option<PathBuf> {
    if let Some(path) = env::var_os("WEFT_CHROMIUM") {
        return Some(PathBuf::from(path));
    }
    let directories: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names
        .iter()
        .flat_map(|name| directories.iter().map(move |directory| directory.join(name)))
        .find(|path| path.is_file())
}

/// Chromium, or none where the tests may do without: outside CI.
pub fn chromium_or_skip() -> Option<PathBuf> {
    let found = chromium();
    if found.is_none() {
        let how = "Install it, on Debian with: apt-get install chromium; or set WEFT_CHROMIUM to its path";
        assert!(env::var_os("CI").is_none(), "no Chromium was found. {how}");
        println!("skipped: no Chromium was found. {how}");
    }
    found
}

/// A page as it is after its script has run.
pub struct Dump {
    /// The document.
    pub dom: String,
    /// What the console got.
    pub console: Vec<String>,
}

/// Opens a file with a fragment, lets its timers run, and returns what it has become.
pub fn open(chromium: &Path, file: &Path, fragment: &str) -> Dump {
    let profile = tempfile::tempdir().expect("a directory for the profile");
    let output = Command::new(chromium)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0"])
        .args(["--virtual-time-budget=10000", "--window-size=1200,900", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}#{fragment}", fs::canonicalize(file).expect("a file").display()))
        .output()
        .expect("Chromium starts");
    let dom = String::from_utf8(output.stdout).expect("a page is UTF-8");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(dom.contains("<body"), "Chromium made no page: {stderr}");
    Dump { dom, console: stderr.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect() }
}
