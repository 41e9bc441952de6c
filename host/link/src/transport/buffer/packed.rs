//! `buffer-packed`: pointer and length of the result in one i64, as in wazero's example
//! [allocation](https://github.com/tetratelabs/wazero/tree/main/examples/allocation).

use super::super::{Isolation, Transport};
use super::{Called, Calls, Far, NEEDS, Shim, join};
use crate::guest::{Export, GuestError, Traits};
use crate::pair::{Pair, PairSpec};

pub(in super::super) struct Packed;

impl Transport for Packed {
    fn name(&self) -> &'static str {
        "buffer-packed"
    }

    fn isolation(&self) -> Isolation {
        Isolation::Full
    }

    fn about(&self) -> &'static str {
        "two stores; the host calls allocate, copies, calls the guest, reads where its i64 says, and deallocates twice"
    }

    fn replies(&self) -> Result<(), String> {
        Ok(())
    }

    fn needs(&self) -> &'static [&'static str] {
        NEEDS
    }

    fn takes_memory(&self, _: &Traits) -> bool {
        true
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        join::<Functions>(spec)
    }
}

struct Functions {
    allocate: Export<u32, u32>,
    handle: Export<(u32, u32), u64>,
    deallocate: Export<(u32, u32), ()>,
}

impl Calls for Functions {
    const SHIM: &'static str = include_str!("packed.wat");

    fn find(shim: &mut Shim<'_>) -> Result<Self, GuestError> {
        Ok(Self {
            allocate: shim.export("allocate")?,
            handle: shim.receive("handle")?,
            deallocate: shim.export("deallocate")?,
        })
    }

    #[inline(always)]
    fn call(&self, far: &mut Far<'_>, message: &[u8]) -> Result<Called, GuestError> {
        let len = message.len() as u32;
        let input = (far.call(&self.allocate, len)?, len);
        far.put(message, input.0)?;
        let packed = far.call(&self.handle, input)?;
        Ok(Called { input, output: ((packed >> 32) as u32, packed as u32) })
    }

    #[inline(always)]
    fn free(&self, far: &mut Far<'_>, Called { input, output }: Called) -> Result<(), GuestError> {
        far.call(&self.deallocate, output)?;
        far.call(&self.deallocate, input)
    }
}
