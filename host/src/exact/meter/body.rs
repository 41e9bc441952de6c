//! One function's body with counting code in it.
//!
//! An operator counts once each time that control reaches it; `block`, `loop`, `else` and `end` are
//! operators like others, and an `end` that a branch jumps behind is not reached. That is how wasmtime charges
//! fuel, so that the two can be held against each other.

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Function, ValType};
use wasmparser::{FunctionBody, Operator};

use super::allocators::Allocator;
use super::operators::{Traffic, traffic};
use super::{Counter, MOST_LOCALS, MeterError, Metering, Pass, Reencoded};

/// Locals that what is added needs, behind the function's own: three for addresses and lengths, and one of each type for
/// the value of a store.
const SCRATCH: [(u32, ValType); 5] =
    [(4, ValType::I32), (1, ValType::I64), (1, ValType::F32), (1, ValType::F64), (1, ValType::V128)];

/// Reencodes the body of function number `function`.
pub fn parse(pass: &mut Pass, function: u32, code: &mut CodeSection, body: &FunctionBody<'_>) -> Reencoded {
    let allocator = pass.allocators.get(&function).copied();
    if allocator == Some(Allocator::Dealloc) && pass.metering == Metering::Searching {
        let mut nothing = Function::new([]);
        nothing.instructions().end();
        code.function(&nothing);
        return Ok(());
    }
    let mut before = u64::from(pass.parameters(function));
    let mut locals = Vec::new();
    for pair in body.get_locals_reader()? {
        let (count, ty) = pair?;
        before += u64::from(count);
        locals.push((count, pass.val_type(ty)?));
    }
    locals.extend(SCRATCH);
    let all = before + SCRATCH.iter().map(|(count, _)| u64::from(*count)).sum::<u64>();
    let scratch = u32::try_from(before).ok().filter(|_| all <= MOST_LOCALS);
    let scratch = scratch.ok_or(Error::UserError(MeterError::Locals { function, locals: before }))?;
    let mut writer = Body { pass, function: Function::new(locals), scratch, pending: 0, dead: None };
    if writer.counts() {
        writer.enter(allocator);
    }
    let mut reader = body.get_operators_reader()?;
    while !reader.eof() {
        writer.operator(reader.read()?)?;
    }
    code.function(&writer.function);
    Ok(())
}

/// A body that is being written.
struct Body<'a> {
    pass: &'a mut Pass,
    function: Function,
    /// The first scratch local.
    scratch: u32,
    /// Operators that were reached and are not counted yet.
    pending: i64,
    /// In code that nothing reaches: how many blocks deep since it began.
    dead: Option<u32>,
}

impl Body<'_> {
    fn counts(&self) -> bool {
        self.pass.metering == Metering::Counting
    }

    /// Counts the call, and what is asked of an allocator.
    fn enter(&mut self, allocator: Option<Allocator>) {
        let Self { pass, function, .. } = self;
        let mut code = function.instructions();
        code.i64_const(1);
        pass.added.add(&mut code, Counter::Calls);
        if let Some(size) = allocator.and_then(Allocator::size_parameter) {
            code.i64_const(1);
            pass.added.add(&mut code, Counter::Allocations);
            code.local_get(size).i64_extend_i32_u();
            pass.added.add(&mut code, Counter::AllocatedBytes);
        }
    }

    fn operator(&mut self, operator: Operator<'_>) -> Reencoded {
        let traffic = if self.dead.is_none() { traffic(&operator).map_err(Error::UserError)? } else { Traffic::None };
        let grows = traffic == Traffic::Grow;
        if grows {
            self.function.instructions().local_tee(self.scratch);
        }
        if self.dead.is_none() && self.counts() {
            self.count(&operator, traffic);
        }
        self.follow(&operator);
        self.function.instruction(&self.pass.instruction(operator)?);
        if grows {
            self.grown();
        }
        Ok(())
    }

    /// Writes the counting code that stands before an operator which is reached.
    fn count(&mut self, operator: &Operator<'_>, traffic: Traffic) {
        self.pending += 1;
        if ends_block(operator) {
            self.flush();
        }
        match traffic {
            Traffic::None | Traffic::Grow => {}
            Traffic::Load { offset, bytes } => self.load(offset, bytes),
            Traffic::LoadLane { offset, bytes } => self.below(ValType::V128, offset, bytes, self.pass.added.read()),
            Traffic::Store { offset, bytes, value } => self.below(value, offset, bytes, self.pass.added.write()),
            Traffic::Copy => self.bulk(true),
            Traffic::Fill | Traffic::Init => self.bulk(false),
        }
    }

    /// Follows control: code behind a jump is dead until its block ends.
    fn follow(&mut self, operator: &Operator<'_>) {
        use Operator as O;
        self.dead = match (self.dead, operator) {
            (None, operator) if jumps(operator) => Some(0),
            (Some(depth), O::Block { .. } | O::Loop { .. } | O::If { .. }) => Some(depth + 1),
            (Some(0), O::End | O::Else) => None,
            (Some(depth), O::End) => Some(depth - 1),
            (dead, _) => dead,
        };
    }

    fn flush(&mut self) {
        if self.pending > 0 {
            let mut code = self.function.instructions();
            code.i64_const(self.pending);
            self.pass.added.add(&mut code, Counter::Instructions);
            self.pending = 0;
        }
    }

    /// Before a load: the address is on the stack, and stays there.
    fn load(&mut self, offset: u64, bytes: u32) {
        let (address, read) = (self.scratch, self.pass.added.read());
        let mut code = self.function.instructions();
        code.local_tee(address).local_get(address).i32_const(offset as u32 as i32).i32_const(bytes as i32).call(read);
    }

    /// Before an access whose address lies below a value on the stack: both stay there.
    fn below(&mut self, value: ValType, offset: u64, bytes: u32, counts: u32) {
        let (address, value) = (self.scratch, self.scratch_of(value));
        let mut code = self.function.instructions();
        code.local_set(value).local_tee(address).local_get(address);
        code.i32_const(offset as u32 as i32).i32_const(bytes as i32).call(counts).local_get(value);
    }

    /// Before an operator that takes target, source (or value) and length: all three stay on the stack.
    fn bulk(&mut self, reads: bool) {
        let [target, source, len] = [0, 1, 2].map(|place| self.scratch + place);
        let (read, write) = (self.pass.added.read(), self.pass.added.write());
        let mut code = self.function.instructions();
        code.local_set(len).local_set(source).local_tee(target).i32_const(0).local_get(len).call(write);
        if reads {
            code.local_get(source).i32_const(0).local_get(len).call(read);
        }
        code.local_get(target).local_get(source).local_get(len);
    }

    /// Behind a `memory.grow`, whose pages were kept: its result stays on the stack.
    fn grown(&mut self) {
        let [pages, old] = [0, 1].map(|place| self.scratch + place);
        let grown = self.pass.added.grown();
        self.function.instructions().local_tee(old).local_get(old).local_get(pages).call(grown);
    }

    const fn scratch_of(&self, value: ValType) -> u32 {
        self.scratch
            + match value {
                ValType::I64 => 4,
                ValType::F32 => 5,
                ValType::F64 => 6,
                ValType::V128 => 7,
                _ => 3,
            }
    }
}

/// Whether control may go elsewhere, or come from elsewhere, behind this operator.
fn ends_block(operator: &Operator<'_>) -> bool {
    use Operator as O;
    jumps(operator) || matches!(operator, O::Loop { .. } | O::If { .. } | O::Else | O::End | O::BrIf { .. })
}

/// Whether control never goes on behind this operator.
const fn jumps(operator: &Operator<'_>) -> bool {
    use Operator as O;
    matches!(
        operator,
        O::Unreachable
            | O::Br { .. }
            | O::BrTable { .. }
            | O::Return
            | O::ReturnCall { .. }
            | O::ReturnCallIndirect { .. }
            | O::ReturnCallRef { .. }
    )
}
