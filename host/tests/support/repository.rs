//! A git repository with revisions of weft, or of what looks like it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use weft::guests::{Against, AgainstError, Aside};

/// A repository; it is gone when this is dropped.
pub struct Repository {
    directory: TempDir,
}

impl Repository {
    /// A repository that begins with what `fill` puts into a directory, as a commit. None, and a word why, where there is
    /// no git.
    pub fn new(fill: impl FnOnce(&Path)) -> Option<Self> {
        if Command::new("git").arg("--version").output().is_err() {
            eprintln!("skipped: git is not installed");
            return None;
        }
        let repository = Self { directory: tempfile::tempdir().expect("a temporary directory") };
        fs::create_dir(repository.root()).expect("a directory");
        fill(&repository.root());
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.commit("the first");
        Some(repository)
    }

    /// A repository of these files. Cargo.toml and one codec look as weft's do, the rest is not there.
    pub fn of(files: &[(&str, &str)]) -> Option<Self> {
        const LAYOUT: [(&str, &str); 2] = [
            ("Cargo.toml", "[workspace]\nmembers = [\"host\"]\nresolver = \"3\"\n"),
            ("modules/codecs/null/Cargo.toml", "[lib]\ncrate-type = [\"cdylib\"]\n"),
        ];
        Self::new(|root| LAYOUT.iter().chain(files).for_each(|(name, text)| put(&root.join(name), text)))
    }

    /// Its working tree, which has a target directory as weft's workspace does.
    pub fn root(&self) -> PathBuf {
        self.directory.path().join("weft")
    }

    /// A path beside the working tree.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Where its trees are put.
    pub fn aside(&self) -> Aside {
        Aside::of(&self.root(), &self.root().join("target"))
    }

    /// What a text means there.
    pub fn find(&self, text: &str) -> Result<Against, AgainstError> {
        self.aside().find(text)
    }

    /// The error of racing against the tree that a text means.
    pub fn error(&self, text: &str) -> String {
        self.find(text).and_then(|against| against.tree()).expect_err(text).to_string()
    }

    /// Writes a file of the working tree.
    pub fn write(&self, name: &str, text: &str) {
        put(&self.root().join(name), text);
    }

    /// Replaces a text in a file of the working tree.
    pub fn replace(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root().join(name)).expect("a source");
        assert!(text.contains(from), "{name} has no `{from}`");
        self.write(name, &text.replace(from, to));
    }

    /// Commits all that is there, as if that had been long ago. Returns the hash.
    pub fn commit(&self, subject: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", subject]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// What a call of git prints, which must succeed.
    pub fn git(&self, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=weft", "-c", "user.email=weft@example.org", "-c", "commit.gpgsign=false"]);
        git.args(["-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"]);
        let long_ago = "2001-09-09T01:46:40Z";
        git.env("GIT_AUTHOR_DATE", long_ago).env("GIT_COMMITTER_DATE", long_ago);
        let output = git.args(arguments).current_dir(self.root()).output().expect("git starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        assert!(output.status.success(), "git {arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }
}

/// Writes a file and the directories above it.
pub fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file has a directory")).expect("a directory");
    fs::write(path, text).expect("a file");
}
