//! The settings of wasmtime that can be measured, as a table. What is said of an engine derives from it.

/// A setting of the engine. Each is a host of its own.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// The name of the host that runs under it.
    pub host: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    pub(crate) compiler: Compiler,
    pub(crate) fuel: bool,
    pub(crate) epochs: bool,
    pub(crate) inlining: bool,
    pub(crate) fibers: bool,
    pub(crate) patched: bool,
}

/// What makes machine code of a module, or runs it without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compiler {
    Cranelift,
    Winch,
    Pulley,
}

/// The setting that all figures are measured under, unless they name another.
pub static DEFAULT: Setting = Setting {
    host: "wasmtime",
    about: "weft's own host: Cranelift, nothing interrupts guests",
    compiler: Compiler::Cranelift,
    fuel: false,
    epochs: false,
    inlining: false,
    fibers: false,
    patched: false,
};

/// Every setting, the default first.
pub static SETTINGS: &[&Setting] = &[
    &DEFAULT,
    &Setting { host: "wasmtime+epochs", about: "guests can be interrupted by epochs", epochs: true, ..DEFAULT },
    &Setting { host: "wasmtime+fuel", about: "guests take fuel, and stop without it", fuel: true, ..DEFAULT },
    &Setting { host: "wasmtime+inlining", about: "functions are inlined within a module", inlining: true, ..DEFAULT },
    &Setting {
        host: "wasmtime+async",
        about: "wasmtime is built for async hosts, and guests run on fibers",
        fibers: true,
        ..DEFAULT
    },
    &Setting {
        host: "wasmtime+patched",
        about: "components copy lists of plain elements in one piece",
        patched: true,
        ..DEFAULT
    },
    &Setting {
        host: "winch",
        about: "wasmtime's baseline compiler: compiles faster, runs slower",
        compiler: Compiler::Winch,
        ..DEFAULT
    },
    &Setting {
        host: "pulley",
        about: "wasmtime's interpreter: no machine code is made",
        compiler: Compiler::Pulley,
        ..DEFAULT
    },
];

/// The features of wasmtime that every build of this crate has.
const FEATURES: [&str; 10] = [
    "addr2line",
    "anyhow",
    "backtrace",
    "component-model",
    "cranelift",
    "demangle",
    "parallel-compilation",
    "runtime",
    "std",
    "wat",
];

/// The features of wasmtime that this crate asks for in this build, sorted.
pub fn features() -> Vec<&'static str> {
    let optional =
        [("async", cfg!(feature = "async")), ("pulley", cfg!(feature = "pulley")), ("winch", cfg!(feature = "winch"))];
    let optional = optional.into_iter().filter(|(_, built)| *built).map(|(feature, _)| feature);
    let mut features: Vec<_> = FEATURES.into_iter().chain(optional).collect();
    features.sort_unstable();
    features
}

impl Setting {
    /// The setting of the host with this name.
    pub fn of_host(host: &str) -> Option<&'static Self> {
        SETTINGS.iter().copied().find(|setting| setting.host == host)
    }

    /// Whether this build has what it needs; otherwise why not.
    ///
    /// # Errors
    /// The reason.
    pub fn supported(&self) -> Result<(), String> {
        match self.feature() {
            Some((feature, false)) => {
                Err(format!("this build of weft-link has no feature `{feature}`, which {} needs", self.host))
            }
            _ => Ok(()),
        }
    }

    /// The feature of this crate that it needs, and whether this build has it.
    const fn feature(&self) -> Option<(&'static str, bool)> {
        match (self.compiler, self.fibers) {
            _ if self.patched => Some(("patched", cfg!(feature = "patched"))),
            (Compiler::Winch, _) => Some(("winch", cfg!(feature = "winch"))),
            (Compiler::Pulley, _) => Some(("pulley", cfg!(feature = "pulley"))),
            (_, true) => Some(("async", cfg!(feature = "async"))),
            _ => None,
        }
    }

    /// What the engine is set to, in words.
    pub fn words(&self) -> String {
        let compiler = match self.compiler {
            Compiler::Cranelift => "cranelift, opt-level speed",
            Compiler::Winch => "winch",
            Compiler::Pulley => "pulley",
        };
        let with = |word: &'static str, set: bool| if set { word.to_owned() } else { format!("no {word}") };
        let mut words = vec![compiler.to_owned()];
        words.extend(["on-demand allocator", "4 GiB reservation per memory"].map(str::to_owned));
        words.push(with("fuel", self.fuel));
        words.push(with("epochs", self.epochs));
        words.push("multi-memory".to_owned());
        words.extend(self.inlining.then(|| "inlining".to_owned()));
        words.extend(self.fibers.then(|| "fibers".to_owned()));
        words.extend(self.patched.then(|| "lists of plain elements copied in one piece".to_owned()));
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT, SETTINGS, Setting};

    #[test]
    fn settings_are_found_by_their_hosts() {
        for setting in SETTINGS {
            assert_eq!(Setting::of_host(setting.host), Some(*setting));
        }
        assert_eq!(Setting::of_host("v8"), None);
    }

    #[test]
    fn the_default_is_said_in_words() {
        assert_eq!(
            DEFAULT.words(),
            "cranelift, opt-level speed, on-demand allocator, 4 GiB reservation per memory, no fuel, no epochs, \
             multi-memory"
        );
    }
}
