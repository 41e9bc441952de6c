//! `buffer-packed`: pointer and length of the result in one i64, as in wazero's example
//! [allocation](https://github.com/tetratelabs/wazero/tree/main/examples/allocation).

use super::{Called, Calls, Far, Shim};
use crate::guest::{Export, GuestError};

pub(in super::super) struct Functions {
    allocate: Export<u32, u32>,
    handle: Export<(u32, u32), u64>,
    deallocate: Export<(u32, u32), ()>,
}

impl Calls for Functions {
    const NAME: &'static str = "buffer-packed";
    const ABOUT: &'static str =
        "two stores; the host calls allocate, copies, calls the guest, reads where its i64 says, and deallocates twice";
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
