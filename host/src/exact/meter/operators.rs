//! What each WebAssembly operator moves to and from memory. An operator that is not known here is an
//! error: nothing goes uncounted in silence.

use wasm_encoder::ValType;
use wasmparser::{MemArg, Operator};

use super::MeterError;

/// What an operator does with memory 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Traffic {
    /// Nothing.
    None,
    /// Reads bytes at an address.
    Load { offset: u64, bytes: u32 },
    /// Reads bytes at an address below a vector on the stack.
    LoadLane { offset: u64, bytes: u32 },
    /// Writes bytes at an address below a value on the stack.
    Store { offset: u64, bytes: u32, value: ValType },
    /// Reads and writes a run of bytes.
    Copy,
    /// Writes a run of bytes.
    Fill,
    /// Writes a run of bytes that come from a data segment.
    Init,
    /// Grows the memory.
    Grow,
}

/// The proposals whose operators are known. The engine has others switched off, or no guest uses them.
const KNOWN: [&str; 9] = [
    "mvp",
    "sign_extension",
    "saturating_float_to_int",
    "bulk_memory",
    "reference_types",
    "tail_call",
    "simd",
    "relaxed_simd",
    "wide_arithmetic",
];

/// An operator's name, its proposal, and whether it names a memory.
struct Description {
    name: &'static str,
    proposal: &'static str,
    names_memory: bool,
}

macro_rules! define_describe {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        fn describe(operator: &Operator<'_>) -> Description {
            match operator {
                $(Operator::$op { .. } => Description {
                    name: stringify!($op),
                    proposal: stringify!($proposal),
                    names_memory: [$($(stringify!($arg)),*)?].iter().any(|field: &&str| field.contains("mem")),
                },)*
                _ => Description { name: "newer than this parser", proposal: "", names_memory: true },
            }
        }
    };
}
wasmparser::for_each_operator!(define_describe);

/// What an operator moves.
///
/// # Errors
/// Where it is not known, or is about another memory than the guest's.
pub fn traffic(operator: &Operator<'_>) -> Result<Traffic, MeterError> {
    let Description { name, proposal, names_memory } = describe(operator);
    let traffic = bulk(operator)?.or(load(operator)?).or(store(operator)?);
    match traffic {
        Some(traffic) => Ok(traffic),
        None if KNOWN.contains(&proposal) && (!names_memory || matches!(operator, Operator::MemorySize { .. })) => {
            Ok(Traffic::None)
        }
        None => Err(MeterError::Operator { name, proposal }),
    }
}

/// The offset of an access, which must be to memory 0.
fn offset(memarg: &MemArg) -> Result<u64, MeterError> {
    if memarg.memory == 0 { Ok(memarg.offset) } else { Err(MeterError::Memory { index: memarg.memory }) }
}

fn bulk(operator: &Operator<'_>) -> Result<Option<Traffic>, MeterError> {
    use Operator as O;
    let (memories, traffic) = match operator {
        O::MemoryCopy { dst_mem, src_mem } => ([*dst_mem, *src_mem], Traffic::Copy),
        O::MemoryFill { mem } => ([*mem, 0], Traffic::Fill),
        O::MemoryInit { mem, .. } => ([*mem, 0], Traffic::Init),
        O::MemoryGrow { mem } => ([*mem, 0], Traffic::Grow),
        _ => return Ok(None),
    };
    match memories.into_iter().find(|index| *index != 0) {
        Some(index) => Err(MeterError::Memory { index }),
        None => Ok(Some(traffic)),
    }
}

fn load(operator: &Operator<'_>) -> Result<Option<Traffic>, MeterError> {
    use Operator as O;
    let (memarg, bytes) = match operator {
        O::I32Load8S { memarg }
        | O::I32Load8U { memarg }
        | O::I64Load8S { memarg }
        | O::I64Load8U { memarg }
        | O::V128Load8Splat { memarg } => (memarg, 1),
        O::I32Load16S { memarg }
        | O::I32Load16U { memarg }
        | O::I64Load16S { memarg }
        | O::I64Load16U { memarg }
        | O::V128Load16Splat { memarg } => (memarg, 2),
        O::I32Load { memarg }
        | O::F32Load { memarg }
        | O::I64Load32S { memarg }
        | O::I64Load32U { memarg }
        | O::V128Load32Splat { memarg }
        | O::V128Load32Zero { memarg } => (memarg, 4),
        O::I64Load { memarg }
        | O::F64Load { memarg }
        | O::V128Load8x8S { memarg }
        | O::V128Load8x8U { memarg }
        | O::V128Load16x4S { memarg }
        | O::V128Load16x4U { memarg }
        | O::V128Load32x2S { memarg }
        | O::V128Load32x2U { memarg }
        | O::V128Load64Splat { memarg }
        | O::V128Load64Zero { memarg } => (memarg, 8),
        O::V128Load { memarg } => (memarg, 16),
        _ => return load_lane(operator),
    };
    Ok(Some(Traffic::Load { offset: offset(memarg)?, bytes }))
}

fn load_lane(operator: &Operator<'_>) -> Result<Option<Traffic>, MeterError> {
    use Operator as O;
    let (memarg, bytes) = match operator {
        O::V128Load8Lane { memarg, .. } => (memarg, 1),
        O::V128Load16Lane { memarg, .. } => (memarg, 2),
        O::V128Load32Lane { memarg, .. } => (memarg, 4),
        O::V128Load64Lane { memarg, .. } => (memarg, 8),
        _ => return Ok(None),
    };
    Ok(Some(Traffic::LoadLane { offset: offset(memarg)?, bytes }))
}

fn store(operator: &Operator<'_>) -> Result<Option<Traffic>, MeterError> {
    use Operator as O;
    use ValType::{F32, F64, I32, I64, V128};
    let (memarg, bytes, value) = match operator {
        O::I32Store8 { memarg } => (memarg, 1, I32),
        O::I64Store8 { memarg } => (memarg, 1, I64),
        O::V128Store8Lane { memarg, .. } => (memarg, 1, V128),
        O::I32Store16 { memarg } => (memarg, 2, I32),
        O::I64Store16 { memarg } => (memarg, 2, I64),
        O::V128Store16Lane { memarg, .. } => (memarg, 2, V128),
        O::I32Store { memarg } => (memarg, 4, I32),
        O::I64Store32 { memarg } => (memarg, 4, I64),
        O::F32Store { memarg } => (memarg, 4, F32),
        O::V128Store32Lane { memarg, .. } => (memarg, 4, V128),
        O::I64Store { memarg } => (memarg, 8, I64),
        O::F64Store { memarg } => (memarg, 8, F64),
        O::V128Store64Lane { memarg, .. } => (memarg, 8, V128),
        O::V128Store { memarg } => (memarg, 16, V128),
        _ => return Ok(None),
    };
    Ok(Some(Traffic::Store { offset: offset(memarg)?, bytes, value }))
}

#[cfg(test)]
mod tests {
    use wasmparser::{MemArg, Operator};

    use super::{Traffic, traffic};

    const AT_4: MemArg = MemArg { align: 0, max_align: 3, offset: 4, memory: 0 };

    #[test]
    fn unknown_operators_are_errors_with_their_names() {
        let error = |operator| traffic(&operator).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error(Operator::I32AtomicLoad { memarg: AT_4 }).contains("I32AtomicLoad"));
        assert!(error(Operator::MemoryDiscard { mem: 0 }).contains("memory_control"));
        assert!(error(Operator::RefI31).contains("gc"));
        assert!(error(Operator::I32Load { memarg: MemArg { memory: 1, ..AT_4 } }).contains("memory 1"));
        assert!(error(Operator::MemoryCopy { dst_mem: 0, src_mem: 2 }).contains("memory 2"));
    }

    #[test]
    fn known_operators_move_what_they_say() {
        let of = |operator| traffic(&operator).unwrap_or(Traffic::None);
        assert_eq!(of(Operator::I64Load32U { memarg: AT_4 }), Traffic::Load { offset: 4, bytes: 4 });
        assert_eq!(of(Operator::V128Load8Lane { memarg: AT_4, lane: 3 }), Traffic::LoadLane { offset: 4, bytes: 1 });
        assert!(matches!(of(Operator::F64Store { memarg: AT_4 }), Traffic::Store { bytes: 8, .. }));
        assert_eq!(of(Operator::MemorySize { mem: 0 }), Traffic::None);
        assert_eq!(of(Operator::I8x16Swizzle), Traffic::None);
    }
}
