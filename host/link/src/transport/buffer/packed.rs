//! `buffer-packed`: pointer and length of the result in one i64, as in wazero's example
//! [allocation](https://github.com/tetratelabs/wazero/tree/main/examples/allocation).

use super::super::{Isolation, Transport};
use super::{Calls, Far, NEEDS, Shim, join};
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
            handle: shim.export("handle")?,
            deallocate: shim.export("deallocate")?,
        })
    }

    #[inline(always)]
    fn deliver(&self, far: &mut Far<'_>, message: &[u8]) -> Result<i64, GuestError> {
        let len = message.len() as u32;
        let ptr = far.call(&self.allocate, len)?;
        far.put(message, ptr)?;
        let packed = far.call(&self.handle, (ptr, len))?;
        let (at, result_len) = ((packed >> 32) as u32, packed as u32);
        let result = far.result(at, result_len)?;
        far.call(&self.deallocate, (at, result_len))?;
        far.call(&self.deallocate, (ptr, len))?;
        Ok(result)
    }
}
