//! Which machine a run was made on, and whether two runs were made on the same.

#[cfg(target_arch = "x86_64")]
mod cpuid;
mod linux;

use std::fmt;

use serde::{Deserialize, Serialize};
use sysinfo::{CpuRefreshKind, RefreshKind, System};

use super::Environment;

/// How a machine without a hypervisor, or without a cache, is described.
const NONE: &str = "none";

/// What is said of something that nobody knows.
const UNKNOWN: &str = "unknown";

/// A processor and what lies under the system. What a system does not tell is None.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Machine {
    /// What the processor is called. Different processors share a name.
    pub name: Option<String>,
    /// Who made it: the text that x86-64's `cpuid` gives, on ARM the implementer's number, such as `0x41`.
    pub vendor: Option<String>,
    /// Its family; on ARM the version of the architecture.
    pub family: Option<u32>,
    /// Its model, extended by the family where x86-64 has it so; on ARM the part's number.
    pub model: Option<u32>,
    /// Its stepping; on ARM 16 times the variant, and the revision.
    pub stepping: Option<u32>,
    /// The first level's cache of data of a core, in bytes.
    pub l1d_bytes: Option<u64>,
    /// The first level's cache of instructions of a core, in bytes.
    pub l1i_bytes: Option<u64>,
    /// The second level's cache, in bytes. 0 where there is none.
    pub l2_bytes: Option<u64>,
    /// The third level's cache, in bytes. 0 where there is none.
    pub l3_bytes: Option<u64>,
    /// What lies between the system and the machine, such as `KVM`; `none` where the system has the machine to itself.
    pub hypervisor: Option<String>,
}

/// Something in which two machines differ, or may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What: the key in `environment.machine`, or in `environment`.
    pub key: &'static str,
    /// What the old run says, or `unknown`.
    pub old: String,
    /// What the new run says, or `unknown`.
    pub new: String,
}

impl Machine {
    /// The machine that this process runs on.
    pub fn here() -> Self {
        let system = System::new_with_specifics(RefreshKind::nothing().with_cpu(CpuRefreshKind::nothing()));
        let name = system.ok().and_then(|system| Some(system.cpus().first()?.brand().trim().to_owned()));
        let here = Self { name: name.filter(|name| !name.is_empty()), ..linux::machine(&linux::file) };
        #[cfg(target_arch = "x86_64")]
        let here = here.or(cpuid::machine(&raw_cpuid::CpuId::new()));
        here
    }

    /// This, and what it does not know from another description of the same machine.
    fn or(self, other: Self) -> Self {
        Self {
            name: self.name.or(other.name),
            vendor: self.vendor.or(other.vendor),
            family: self.family.or(other.family),
            model: self.model.or(other.model),
            stepping: self.stepping.or(other.stepping),
            l1d_bytes: self.l1d_bytes.or(other.l1d_bytes),
            l1i_bytes: self.l1i_bytes.or(other.l1i_bytes),
            l2_bytes: self.l2_bytes.or(other.l2_bytes),
            l3_bytes: self.l3_bytes.or(other.l3_bytes),
            hypervisor: self.hypervisor.or(other.hypervisor),
        }
    }

    /// Takes the caches of a core, each with its level, its type as Linux spells it, and its size in bytes. Of none nothing
    /// is known.
    fn with_caches(self, caches: &[(u8, &str, u64)]) -> Self {
        if caches.is_empty() {
            return self;
        }
        let size = |level: u8, kinds: [&str; 2]| {
            let found = caches.iter().find(|(other, kind, _)| *other == level && kinds.contains(kind));
            found.map_or(0, |(.., bytes)| *bytes)
        };
        Self {
            l1d_bytes: Some(size(1, ["Data", "Unified"])),
            l1i_bytes: Some(size(1, ["Instruction", "Unified"])),
            l2_bytes: Some(size(2, ["Data", "Unified"])),
            l3_bytes: Some(size(3, ["Data", "Unified"])),
            ..self
        }
    }

    /// Every property with its key, as text.
    fn properties(&self) -> [(&'static str, Option<String>); 10] {
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        let bytes = |size: Option<u64>| size.map(size_text);
        [
            ("name", self.name.clone()),
            ("vendor", self.vendor.clone()),
            ("family", number(self.family)),
            ("model", number(self.model)),
            ("stepping", number(self.stepping)),
            ("l1d_bytes", bytes(self.l1d_bytes)),
            ("l1i_bytes", bytes(self.l1i_bytes)),
            ("l2_bytes", bytes(self.l2_bytes)),
            ("l3_bytes", bytes(self.l3_bytes)),
            ("hypervisor", self.hypervisor.clone()),
        ]
    }
}

/// One line: what identifies the processor, its caches, and what it is seen through.
impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [name, vendor, family, model, stepping, l1d, l1i, l2, l3, hypervisor] =
            self.properties().map(|(_, value)| value.unwrap_or_else(|| UNKNOWN.to_owned()));
        write!(f, "{name} ({vendor}, family {family}, model {model}, stepping {stepping}), ")?;
        write!(f, "L1d {l1d}, L1i {l1i}, L2 {l2}, L3 {l3}, hypervisor {hypervisor}")
    }
}

fn size_text(bytes: u64) -> String {
    match bytes {
        0 => NONE.to_owned(),
        _ if bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        _ if bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
        _ => format!("{bytes} B"),
    }
}

/// What tells that two runs were made on different machines; empty where they were made on the same. What one of them does
/// not say is a difference, even where the other does not say it either: a machine that is not known is no machine's equal.
pub fn differences(old: &Environment, new: &Environment) -> Vec<Difference> {
    let all = |environment: &Environment| {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty() && text != UNKNOWN);
        let around = [
            ("cores", Some(environment.cores.to_string())),
            ("kernel", text(&environment.kernel)),
            ("architecture", text(&environment.architecture)),
        ];
        environment.machine.properties().into_iter().chain(around)
    };
    let difference = |((key, old), (_, new)): ((&'static str, Option<String>), (_, Option<String>))| {
        let same = old.is_some() && old == new;
        let said = |value: Option<String>| value.unwrap_or_else(|| UNKNOWN.to_owned());
        (!same).then(|| Difference { key, old: said(old), new: said(new) })
    };
    all(old).zip(all(new)).filter_map(difference).collect()
}

#[cfg(test)]
mod tests {
    use super::{Difference, Machine, differences};
    use crate::record::{Environment, fixture};

    type Change = fn(&mut Environment);

    fn environment() -> Environment {
        fixture::record(&fixture::run()).environment
    }

    #[test]
    fn a_machine_that_is_known_is_its_own_equal() {
        assert_eq!(differences(&environment(), &environment()), []);
    }

    /// Each property alone makes two machines, and is told as both runs have it.
    #[test]
    fn every_property_tells_machines_apart() {
        let changes: [(&str, &str, &str, Change); 8] = [
            ("name", "A processor", "Another", |new| new.machine.name = Some("Another".to_owned())),
            ("vendor", "AuthenticAMD", "GenuineIntel", |new| new.machine.vendor = Some("GenuineIntel".to_owned())),
            ("family", "25", "26", |new| new.machine.family = Some(26)),
            ("l1d_bytes", "32 KiB", "48 KiB", |new| new.machine.l1d_bytes = Some(48 << 10)),
            ("l3_bytes", "32 MiB", "none", |new| new.machine.l3_bytes = Some(0)),
            ("cores", "2", "4", |new| new.cores = 4),
            ("kernel", "Linux 6.18", "unknown", |new| new.kernel = "unknown".to_owned()),
            ("architecture", "x86_64", "aarch64", |new| new.architecture = "aarch64".to_owned()),
        ];
        for (key, old, changed, change) in changes {
            let mut new = environment();
            change(&mut new);
            let expected = Difference { key, old: old.to_owned(), new: changed.to_owned() };
            assert_eq!(differences(&environment(), &new), [expected]);
        }
    }

    #[test]
    fn what_neither_says_is_a_difference() {
        let mut silent = environment();
        silent.machine.stepping = None;
        let unknown = |key| Difference { key, old: "unknown".to_owned(), new: "unknown".to_owned() };
        assert_eq!(differences(&silent, &silent), [unknown("stepping")]);
        silent.machine = Machine::default();
        assert_eq!(differences(&silent, &silent).len(), 10);
    }

    #[test]
    fn here_is_a_machine_that_can_be_compared() {
        let here = Machine::here();
        if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            assert!(here.vendor.is_some() && here.family.is_some() && here.hypervisor.is_some(), "{here}");
        }
        let json = serde_json::to_value(&here).expect("JSON");
        assert_eq!(serde_json::from_value::<Machine>(json).expect("a machine"), here);
    }

    #[test]
    fn a_line_says_everything() {
        let line = environment().machine.to_string();
        let expected = "A processor (AuthenticAMD, family 25, model 17, stepping 1), \
            L1d 32 KiB, L1i 32 KiB, L2 1 MiB, L3 32 MiB, hypervisor KVM";
        assert_eq!(line, expected);
        assert!(Machine::default().to_string().contains("family unknown"));
    }
}
