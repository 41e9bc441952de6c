//! What an x86-64 processor says of itself, to the instruction `cpuid`.

use raw_cpuid::{CacheType, CpuId, CpuIdReader, Hypervisor};

use super::{Machine, NONE};

/// The machine, but for its name.
pub fn machine<R: CpuIdReader>(cpuid: &CpuId<R>) -> Machine {
    let version = cpuid.get_feature_info();
    let of_version = |part: fn(&raw_cpuid::FeatureInfo) -> u8| version.as_ref().map(|version| u32::from(part(version)));
    let caches = cpuid.get_cache_parameters().into_iter().flatten().map(|cache| {
        let size =
            cache.associativity() * cache.physical_line_partitions() * cache.coherency_line_size() * cache.sets();
        let kind = match cache.cache_type() {
            CacheType::Data => "Data",
            CacheType::Instruction => "Instruction",
            _ => "Unified",
        };
        (cache.level(), kind, size as u64)
    });
    Machine {
        vendor: cpuid.get_vendor_info().map(|vendor| vendor.as_str().replace('\0', "")).filter(|name| !name.is_empty()),
        family: of_version(raw_cpuid::FeatureInfo::family_id),
        model: of_version(raw_cpuid::FeatureInfo::model_id),
        stepping: of_version(raw_cpuid::FeatureInfo::stepping_id),
        hypervisor: version
            .as_ref()
            .map(|version| if version.has_hypervisor() { hypervisor(cpuid) } else { NONE.to_owned() }),
        ..Machine::default()
    }
    .with_caches(&caches.collect::<Vec<_>>())
}

/// The hypervisor's name; `unnamed` where it has none.
fn hypervisor<R: CpuIdReader>(cpuid: &CpuId<R>) -> String {
    match cpuid.get_hypervisor_info().map(|info| info.identify()) {
        Some(Hypervisor::Unknown(one, two, three)) => {
            let letters = [one, two, three].into_iter().flat_map(u32::to_le_bytes).filter(u8::is_ascii_graphic);
            Some(letters.map(char::from).collect::<String>()).filter(|name| !name.is_empty())
        }
        known => known.map(|known| format!("{known:?}")),
    }
    .unwrap_or_else(|| "unnamed".to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use raw_cpuid::{CpuId, CpuIdResult};

    use super::machine;
    use crate::record::machine::Machine;

    /// What a Xeon Gold 6252 says, as the tool `cpuid -r` prints it.
    const XEON: &str = "
        0x00000000 0x00: eax=0x00000016 ebx=0x756e6547 ecx=0x6c65746e edx=0x49656e69
        0x00000001 0x00: eax=0x00050657 ebx=0xc7400800 ecx=0x7ffefbff edx=0xbfebfbff
        0x00000004 0x00: eax=0x7c004121 ebx=0x01c0003f ecx=0x0000003f edx=0x00000000
        0x00000004 0x01: eax=0x7c004122 ebx=0x01c0003f ecx=0x0000003f edx=0x00000000
        0x00000004 0x02: eax=0x7c004143 ebx=0x03c0003f ecx=0x000003ff edx=0x00000000
        0x00000004 0x03: eax=0x7c0fc163 ebx=0x0280003f ecx=0x0000cfff edx=0x00000005
        0x80000000 0x00: eax=0x80000008 ebx=0x00000000 ecx=0x00000000 edx=0x00000000";

    /// What changes in a guest of KVM: a bit, and a leaf with the hypervisor's name.
    const UNDER_KVM: &str = "
        0x00000001 0x00: eax=0x00050657 ebx=0xc7400800 ecx=0xfffefbff edx=0xbfebfbff
        0x40000000 0x00: eax=0x40000001 ebx=0x4b4d564b ecx=0x564b4d56 edx=0x0000004d";

    /// The same of a hypervisor that the crate does not know, and of one that says no name.
    const UNDER_ANOTHER: &str = "0x40000000 0x00: eax=0x40000001 ebx=0x6c6c694d ecx=0x20796e6f edx=0x00007375";

    /// What a Zen 4 says in a virtual machine.
    const ZEN_4: &str = "
        0x00000000 0x00: eax=0x00000010 ebx=0x68747541 ecx=0x444d4163 edx=0x69746e65
        0x00000001 0x00: eax=0x00a10f11 ebx=0x00020800 ecx=0xfef83203 edx=0x178bfbff
        0x80000000 0x00: eax=0x80000028 ebx=0x68747541 ecx=0x444d4163 edx=0x69746e65
        0x8000001d 0x00: eax=0x00000121 ebx=0x01c0003f ecx=0x0000003f edx=0x00000000
        0x8000001d 0x01: eax=0x00000122 ebx=0x01c0003f ecx=0x0000003f edx=0x00000000
        0x8000001d 0x02: eax=0x00000143 ebx=0x01c0003f ecx=0x000007ff edx=0x00000002
        0x8000001d 0x03: eax=0x00004163 ebx=0x03c0003f ecx=0x00007fff edx=0x00000001";

    /// The machine of which this is printed; of leaves that are there twice the last counts.
    fn of(text: &str) -> Machine {
        let number =
            |text: &str| u32::from_str_radix(text.rsplit("0x").next().unwrap_or_default(), 16).expect("a number");
        let leaf = |line: &str| {
            let numbers: Vec<u32> = line.replace(':', " ").split_whitespace().map(number).collect();
            let [leaf, sub, eax, ebx, ecx, edx] = numbers.try_into().expect("six numbers");
            ((leaf, sub), CpuIdResult { eax, ebx, ecx, edx })
        };
        let leaves: BTreeMap<_, _> = text.lines().filter(|line| !line.trim().is_empty()).map(leaf).collect();
        let nothing = CpuIdResult { eax: 0, ebx: 0, ecx: 0, edx: 0 };
        machine(&CpuId::with_cpuid_reader(|leaf, sub| leaves.get(&(leaf, sub)).copied().unwrap_or(nothing)))
    }

    fn intel(hypervisor: &str) -> Machine {
        Machine {
            name: None,
            vendor: Some("GenuineIntel".to_owned()),
            family: Some(6),
            model: Some(0x55),
            stepping: Some(7),
            l1d_bytes: Some(32 << 10),
            l1i_bytes: Some(32 << 10),
            l2_bytes: Some(1 << 20),
            l3_bytes: Some(36_608 << 10),
            hypervisor: Some(hypervisor.to_owned()),
        }
    }

    #[test]
    fn an_intel_with_and_without_a_hypervisor() {
        assert_eq!(of(XEON), intel("none"));
        assert_eq!(of(&format!("{XEON}{UNDER_KVM}")), intel("KVM"));
        assert_eq!(of(&format!("{XEON}{UNDER_KVM}\n{UNDER_ANOTHER}")), intel("Millonyus"));
        let unnamed = UNDER_KVM.lines().nth(1).expect("a line");
        assert_eq!(of(&format!("{XEON}\n{unnamed}")), intel("unnamed"));
    }

    #[test]
    fn an_amd_has_its_caches_elsewhere_and_its_family_in_two_parts() {
        let found = of(ZEN_4);
        assert_eq!((found.vendor.as_deref(), found.family, found.model), (Some("AuthenticAMD"), Some(25), Some(17)));
        assert_eq!((found.l1d_bytes, found.l2_bytes, found.l3_bytes), (Some(32 << 10), Some(1 << 20), Some(32 << 20)));
    }

    #[test]
    fn a_processor_that_says_nothing_is_unknown() {
        assert_eq!(of(""), Machine::default());
    }
}
