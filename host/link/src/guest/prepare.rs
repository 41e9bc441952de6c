//! How a producer comes by its values: it generates them from the seed, or the host hands them over.

use wasmtime::{AsContextMut, Instance, Memory};

use super::export::Export;
use super::region::{LARGEST_REGION, region};
use super::{Guest, GuestError, GuestName};
use crate::pair::PairSpec;

/// What a producer exports for the values of a message.
pub enum Prepare {
    /// `prepare_<message>`: it generates them.
    Generates(Export<(u32, u32, u64)>),
    /// It is given them.
    IsSupplied {
        /// `values`: allocates the region that the host puts them into.
        values: Export<u32>,
        /// `supply_<message>`: takes them over.
        supply: Export<(u32, u32, u32)>,
    },
}

impl Prepare {
    /// What `guest` exports for `message`. One that has both generates by itself, as under hosts that hand nothing over.
    ///
    /// # Errors
    /// Where it has neither.
    pub fn find(
        mut store: impl AsContextMut,
        instance: &Instance,
        guest: &Guest,
        message: &str,
    ) -> Result<Self, GuestError> {
        let export = guest.prepares(message);
        if export.starts_with("prepare_") {
            return Ok(Self::Generates(Export::find(store, instance, guest, &export)?));
        }
        let values = Export::find(&mut store, instance, guest, "values")?;
        Ok(Self::IsSupplied { values, supply: Export::find(store, instance, guest, &export)? })
    }

    /// Lets the producer have its values; returns how many bytes its outbox must have.
    ///
    /// # Errors
    /// Where it returns a status, traps, or asks for too much; where the host has no values of this message, or too many bytes
    /// of them; where the region for them is none.
    pub fn run(&self, mut store: impl AsContextMut, memory: Memory, spec: &PairSpec<'_>) -> Result<u32, GuestError> {
        match self {
            Self::Generates(prepare) => {
                let capacity = prepare.value(&mut store, (spec.size, spec.rotation, spec.seed))?;
                bounded(&prepare.guest, &prepare.name, capacity)
            }
            Self::IsSupplied { values, supply } => {
                let laid_out = laid_out(&supply.guest, spec)?;
                let place = region(&mut store, memory, values, laid_out.len() as u32)?;
                // The region was checked against the memory, and is at least as long.
                memory.data_mut(&mut store)[place.start as usize..][..laid_out.len()].copy_from_slice(&laid_out);
                let capacity = supply.value(&mut store, (spec.size, spec.rotation, place.start))?;
                bounded(&supply.guest, &supply.name, capacity)
            }
        }
    }
}

/// What a producer asks for its outbox, where it may have that.
pub(crate) fn bounded(guest: &GuestName, export: &str, capacity: u64) -> Result<u32, GuestError> {
    u32::try_from(capacity).ok().filter(|capacity| *capacity <= LARGEST_REGION).ok_or_else(|| GuestError::TooLarge {
        guest: guest.clone(),
        export: export.to_owned(),
        capacity: capacity as i64,
        limit: LARGEST_REGION,
    })
}

/// The values of a rotation, as docs/ABI.md ("Values from the host") has them: where each begins and how long it is, then all of
/// them, each from a multiple of 8 on.
pub(crate) fn laid_out(guest: &GuestName, spec: &PairSpec<'_>) -> Result<Vec<u8>, GuestError> {
    let refused =
        |reason: String| GuestError::NoValues { guest: guest.clone(), message: spec.message.to_owned(), reason };
    let lay_out = spec.values.ok_or_else(|| refused("it does not generate this message".to_owned()))?;
    let mut all = vec![0; 8 * spec.rotation as usize];
    for index in 0..spec.rotation {
        let start = all.len();
        lay_out(spec.seed, index, spec.size, &mut all);
        let len = all.len() - start;
        all.resize(all.len().next_multiple_of(8), 0);
        if all.len() > LARGEST_REGION as usize {
            let count = spec.rotation;
            return Err(refused(format!("{count} of them take more than a region may have ({LARGEST_REGION} bytes)")));
        }
        // Both are below the largest region.
        let entry = [start as u32, len as u32].map(u32::to_le_bytes);
        all[8 * index as usize..][..8].copy_from_slice(entry.as_flattened());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::{GuestError, GuestName, PairSpec, laid_out};
    use crate::guest::{Compiled, Guest, Side};
    use crate::{Engine, LayOut};

    const NEAR: &str = r#"(module (import "env" "memory" (memory 1)) (import "weft" "send" (func (param i32 i32) (result i64)))
        (func (export "outbox") (param i32) (result i64) (i64.const 0)))"#;
    const FAR: &str = r#"(module (import "env" "memory" (memory 1))
        (func (export "inbox") (param i32) (result i64) (i64.const 0)))"#;

    fn of(values: Option<LayOut>, rotation: u32) -> Result<Vec<u8>, GuestError> {
        let engine = Engine::default();
        let guest = |side, text: &str| {
            Guest::read(GuestName { codec: "mine".to_owned(), side }, text.as_bytes()).expect("a guest")
        };
        let guests = Compiled::new(&engine, &guest(Side::Producer, NEAR), &guest(Side::Consumer, FAR)).expect("guests");
        let (message, task) = ("note", "read");
        let spec = PairSpec { engine: &engine, guests: &guests, message, size: 2, task, rotation, seed: 3, values };
        laid_out(&guests.producer.0.name, &spec)
    }

    #[test]
    fn a_table_then_the_values() {
        // The seed, and as many bytes more as the number says.
        let all = of(Some(|seed, index, size, out| out.extend(vec![seed as u8; (size + index) as usize])), 3);
        let mut expected = [24_u32, 2, 32, 3, 40, 4].map(u32::to_le_bytes).as_flattened().to_vec();
        expected.extend([3, 3, 0, 0, 0, 0, 0, 0, 3, 3, 3, 0, 0, 0, 0, 0, 3, 3, 3, 3, 0, 0, 0, 0]);
        assert_eq!(all.expect("values"), expected);
        assert_eq!(of(Some(|_, _, _, _| ()), 1).expect("an empty value"), [8, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_host_without_values_says_so() {
        let error = of(None, 1).expect_err("no values").to_string();
        assert!(error.contains("`note`") && error.contains("prepare_note"), "{error}");
    }
}
