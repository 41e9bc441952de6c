//! The `weft` command, run as users type it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// What a command printed, and its exit code.
pub struct Typed {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs `weft`, with the guests of a directory where one is given.
pub fn weft(guests: Option<&Path>, arguments: &[&str]) -> Typed {
    limited(guests, "", arguments)
}

/// The same, where guests may take so much.
pub fn limited(guests: Option<&Path>, limits: &str, arguments: &[&str]) -> Typed {
    let guests = guests.map(|path| ("WEFT_GUESTS", path.as_os_str()));
    with(&guests.into_iter().chain([("WEFT_LIMITS", limits.as_ref())]).collect::<Vec<_>>(), arguments)
}

/// The same with these variables, and the guests of the workspace where they name none.
pub fn with(variables: &[(&str, &OsStr)], arguments: &[&str]) -> Typed {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
    command.args(arguments).env_remove("WEFT_GUESTS").envs(variables.iter().copied());
    let output = command.output().expect("weft starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Typed { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

impl Typed {
    /// Asserts the exit code, and that all of `parts` were printed to either stream.
    pub fn expect(&self, code: i32, parts: &[&str]) {
        let all = format!("{}{}", self.stdout, self.stderr);
        assert_eq!(self.code, Some(code), "{all}");
        for part in parts {
            assert!(all.contains(part), "`{part}` is missing in: {all}");
        }
    }
}
