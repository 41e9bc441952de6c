//! What Linux tells of the machine, in files of `/proc` and `/sys`.

use std::fs;

use super::{Machine, NONE};

/// What reads a file: its text, or None where there is none.
pub type Read<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The vendors and products that a virtual machine names in place of a board's.
const VIRTUAL: [&str; 14] = [
    "KVM",
    "OpenStack",
    "KubeVirt",
    "Amazon EC2",
    "QEMU",
    "VMware",
    "VirtualBox",
    "innotek GmbH",
    "Xen",
    "Bochs",
    "Parallels",
    "BHYVE",
    "Apple Virtualization",
    "Google Compute Engine",
];

/// The text of a file, without what surrounds it.
pub fn file(path: &str) -> Option<String> {
    let bytes = fs::read(path).ok()?;
    Some(String::from_utf8_lossy(&bytes).trim_matches(|end: char| end.is_whitespace() || end == '\0').to_owned())
}

/// The machine, but for its name. On x86-64 only its caches: the processor itself tells the rest.
pub fn machine(read: Read<'_>) -> Machine {
    let found = caches(read);
    let caches: Vec<(u8, &str, u64)> = found.iter().map(|(level, kind, size)| (*level, kind.as_str(), *size)).collect();
    let machine = if cfg!(target_arch = "x86_64") { Machine::default() } else { processor(read) };
    machine.with_caches(&caches)
}

/// The processor as `/proc/cpuinfo` has it on ARM, and the hypervisor.
fn processor(read: Read<'_>) -> Machine {
    let text = read("/proc/cpuinfo").unwrap_or_default();
    let entry = |key: &str| {
        let is = |line: &&str| line.split(':').next().is_some_and(|name| name.trim() == key);
        Some(text.lines().find(is)?.split_once(':')?.1.trim().to_owned())
    };
    let number = |key: &str| {
        let text = entry(key)?;
        text.strip_prefix("0x").map_or_else(|| text.parse().ok(), |digits| u32::from_str_radix(digits, 16).ok())
    };
    Machine {
        vendor: entry("CPU implementer").or_else(|| entry("vendor_id")),
        family: number("CPU architecture"),
        model: number("CPU part"),
        stepping: number("CPU variant").zip(number("CPU revision")).map(|(variant, revision)| 16 * variant + revision),
        hypervisor: hypervisor(read),
        ..Machine::default()
    }
}

/// The caches of the first core: level, type and size in bytes.
fn caches(read: Read<'_>) -> Vec<(u8, String, u64)> {
    let cache = |index: u8| {
        let of = |what: &str| read(&format!("/sys/devices/system/cpu/cpu0/cache/index{index}/{what}"));
        Some((of("level")?.parse().ok()?, of("type")?, size(&of("size")?)?))
    };
    (0..8).map_while(cache).collect()
}

/// A size such as `32K`, in bytes.
fn size(text: &str) -> Option<u64> {
    let unit = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
    Some(match unit {
        "" => number,
        "K" => number << 10,
        "M" => number << 20,
        _ => return None,
    })
}

/// What the firmware or the device tree says of a hypervisor. None where there is neither.
fn hypervisor(read: Read<'_>) -> Option<String> {
    let firmware = ["sys_vendor", "product_name"].map(|key| read(&format!("/sys/class/dmi/id/{key}")));
    let product = firmware.iter().flatten().find_map(|text| VIRTUAL.iter().find(|name| text.starts_with(**name)));
    // A whole machine of a cloud has the cloud's vendor too.
    let metal = firmware.iter().flatten().any(|text| text.contains("metal"));
    let tree = read("/proc/device-tree/compatible");
    let named = read("/sys/hypervisor/type").or_else(|| read("/proc/device-tree/hypervisor/compatible"));
    let dummy = tree.as_ref().filter(|compatible| compatible.contains("dummy-virt")).map(|_| "virtual".to_owned());
    let found = named.or_else(|| product.filter(|_| !metal).map(|name| (*name).to_owned())).or(dummy);
    let asked = tree.is_some() || firmware.iter().any(Option::is_some);
    found.or_else(|| asked.then(|| NONE.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{caches, hypervisor, machine, processor, size};
    use crate::record::machine::Machine;

    /// A virtual server with ARM's Neoverse N1.
    const GRAVITON_2: &str = "processor\t: 0\nBogoMIPS\t: 243.75\nFeatures\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 \
        atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp ssbs\nCPU implementer\t: 0x41\nCPU architecture: 8\n\
        CPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n\nprocessor\t: 1\nCPU implementer\t: 0x41\n";

    /// Files by path.
    fn files<'a>(all: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |path| all.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned())
    }

    /// The caches of a first core, without the beginning of their paths.
    fn cache_files(all: &[[&str; 3]]) -> Vec<(String, String)> {
        let of = |(index, values): (usize, &[&str; 3])| {
            let name = move |what: &str| format!("/sys/devices/system/cpu/cpu0/cache/index{index}/{what}");
            ["level", "type", "size"].map(name).into_iter().zip(values.map(str::to_owned))
        };
        all.iter().enumerate().flat_map(of).collect()
    }

    #[test]
    fn an_arm_server() {
        let all = [("/proc/cpuinfo", GRAVITON_2), ("/sys/class/dmi/id/sys_vendor", "Amazon EC2")];
        let expected = Machine {
            vendor: Some("0x41".to_owned()),
            family: Some(8),
            model: Some(0xd0c),
            stepping: Some(0x31),
            hypervisor: Some("Amazon EC2".to_owned()),
            ..Machine::default()
        };
        assert_eq!(processor(&files(&all)), expected);
        assert_eq!(processor(&files(&[("/proc/cpuinfo", "hart : 0\nisa : rv64imafdc\n")])), Machine::default());
    }

    #[test]
    fn caches_of_a_core() {
        let core = [["1", "Data", "64K"], ["1", "Instruction", "64K"], ["2", "Unified", "1024K"]];
        let with_third: Vec<_> = core.iter().copied().chain([["3", "Unified", "32M"]]).collect();
        for (all, third) in [(&core[..], 0), (&with_third, 32 << 20)] {
            let all = cache_files(all);
            let all: Vec<(&str, &str)> = all.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            let found = machine(&files(&all));
            assert_eq!((found.l1d_bytes, found.l1i_bytes), (Some(64 << 10), Some(64 << 10)));
            assert_eq!((found.l2_bytes, found.l3_bytes), (Some(1 << 20), Some(third)));
        }
        assert_eq!(machine(&|_| None).l3_bytes, None);
        assert!(caches(&|_| Some("?".to_owned())).is_empty());
        assert_eq!(["48K", "2M", "512", "1G", ""].map(size), [Some(48 << 10), Some(2 << 20), Some(512), None, None]);
    }

    #[test]
    fn hypervisors_of_machines_without_cpuid() {
        let of = |all: &[(&str, &str)]| hypervisor(&files(all));
        let (vendor, product) = ("/sys/class/dmi/id/sys_vendor", "/sys/class/dmi/id/product_name");
        let (tree, guest) = ("/proc/device-tree/compatible", "/proc/device-tree/hypervisor/compatible");
        assert_eq!(of(&[(vendor, "Amazon EC2"), (product, "c6g.metal")]).as_deref(), Some("none"));
        assert_eq!(of(&[(vendor, "Ampere"), (product, "Mt. Jade")]).as_deref(), Some("none"));
        assert_eq!(of(&[(vendor, "Hetzner"), (product, "KVM Virtual Machine")]).as_deref(), Some("KVM"));
        assert_eq!(of(&[("/sys/hypervisor/type", "xen"), (tree, "xen,xenvm")]).as_deref(), Some("xen"));
        assert_eq!(of(&[(tree, "linux,dummy-virt")]).as_deref(), Some("virtual"));
        assert_eq!(of(&[(tree, "linux,dummy-virt"), (guest, "linux,kvm")]).as_deref(), Some("linux,kvm"));
        assert_eq!(of(&[(tree, "raspberrypi,4-model-b\0brcm,bcm2711")]).as_deref(), Some("none"));
        assert_eq!(of(&[]), None);
    }
}
