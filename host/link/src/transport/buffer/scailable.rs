//! `buffer-scailable`: the functions that Scailable's runtime calls, as its
//! [tutorial](https://github.com/scailable/sclbl-tutorials/tree/master/sclbl-create-your-own-wasm) describes them.

use super::{Called, Calls, Far, Shim};
use crate::guest::{Export, GuestError};

pub(in super::super) struct Functions {
    malloc_buffer: Export<u32, u32>,
    pred: Export<(), i32>,
    get_out_len: Export<(), u32>,
    get_out_loc: Export<(), u32>,
    free_buffer: Export<u32, ()>,
}

impl Calls for Functions {
    const NAME: &'static str = "buffer-scailable";
    const ABOUT: &'static str =
        "two stores; the host calls malloc_buffer, copies, calls pred, get_out_len, get_out_loc, and free_buffer twice";
    const SHIM: &'static str = include_str!("scailable.wat");

    fn find(shim: &mut Shim<'_>) -> Result<Self, GuestError> {
        Ok(Self {
            malloc_buffer: shim.export("malloc_buffer")?,
            pred: shim.receive("pred")?,
            get_out_len: shim.export("get_out_len")?,
            get_out_loc: shim.export("get_out_loc")?,
            free_buffer: shim.export("free_buffer")?,
        })
    }

    #[inline(always)]
    fn call(&self, far: &mut Far<'_>, message: &[u8]) -> Result<Called, GuestError> {
        let input_len = message.len() as u32;
        let input = far.call(&self.malloc_buffer, input_len)?;
        far.put(message, input)?;
        // The shim always succeeds: what the consumer refuses is a status in the output.
        far.call(&self.pred, ())?;
        let len = far.call(&self.get_out_len, ())?;
        let output = far.call(&self.get_out_loc, ())?;
        Ok(Called { input: (input, input_len), output: (output, len) })
    }

    #[inline(always)]
    fn free(&self, far: &mut Far<'_>, Called { input, output }: Called) -> Result<(), GuestError> {
        far.call(&self.free_buffer, output.0)?;
        far.call(&self.free_buffer, input.0)
    }
}
