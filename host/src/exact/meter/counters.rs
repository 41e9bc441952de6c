//! What the pass adds to a module: counters as exported globals, and the functions that add to them.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
    InstructionSink, TypeSection, ValType,
};

use weft_link::meter::{ANSWER_LEN, ANSWER_START, Counter, GROWN_PAGES, Layout, MESSAGE_LEN, MESSAGE_START};
use weft_link::module::Sections;

/// The start or the length of a region.
enum Bound {
    Global(u32),
    Constant(u32),
}

impl Bound {
    fn push(&self, code: &mut InstructionSink<'_>) {
        match *self {
            Self::Global(global) => code.global_get(global),
            Self::Constant(value) => code.i64_const(value.into()),
        };
    }
}

/// Where in the module everything added is.
pub struct Added {
    layout: Layout,
    first_type: u32,
    first_function: u32,
    first_global: u32,
    memory: u32,
}

impl Added {
    pub fn new(sections: &Sections) -> Self {
        Self {
            layout: Layout::of(sections),
            first_type: sections.types.len() as u32,
            first_function: sections.functions.len() as u32,
            first_global: sections.globals.len() as u32,
            memory: sections.memories,
        }
    }

    /// The global of a counter.
    pub const fn global(&self, counter: Counter) -> u32 {
        self.first_global + counter as u32
    }

    const fn message_start(&self) -> u32 {
        self.first_global + Counter::ALL.len() as u32
    }

    const fn message_len(&self) -> u32 {
        self.message_start() + 1
    }

    const fn answer_start(&self) -> u32 {
        self.message_start() + 2
    }

    const fn answer_len(&self) -> u32 {
        self.message_start() + 3
    }

    /// The function `(address, offset, bytes)` that counts a read.
    pub const fn read(&self) -> u32 {
        self.first_function
    }

    /// The function `(address, offset, bytes)` that counts a write.
    pub const fn write(&self) -> u32 {
        self.first_function + 1
    }

    /// The function `(old pages or -1, pages)` that counts a growth.
    pub const fn grown(&self) -> u32 {
        self.first_function + 2
    }

    pub fn types(&self, types: &mut TypeSection) {
        types.ty().function([ValType::I32; 3], []);
        types.ty().function([ValType::I32; 2], []);
    }

    pub fn functions(&self, functions: &mut FunctionSection) {
        functions.function(self.first_type).function(self.first_type).function(self.first_type + 1);
    }

    pub fn globals(globals: &mut GlobalSection) {
        for _ in 0..Counter::ALL.len() + 4 {
            let ty = GlobalType { val_type: ValType::I64, mutable: true, shared: false };
            globals.global(ty, &ConstExpr::i64_const(0));
        }
    }

    pub fn exports(&self, exports: &mut ExportSection) {
        for counter in Counter::ALL {
            exports.export(&counter.export(), ExportKind::Global, self.global(counter));
        }
        exports.export(MESSAGE_START, ExportKind::Global, self.message_start());
        exports.export(MESSAGE_LEN, ExportKind::Global, self.message_len());
        exports.export(ANSWER_START, ExportKind::Global, self.answer_start());
        exports.export(ANSWER_LEN, ExportKind::Global, self.answer_len());
        exports.export(GROWN_PAGES, ExportKind::Memory, self.memory);
    }

    /// The bodies of the functions, in the order of `functions`.
    pub fn code(&self, code: &mut CodeSection) {
        use Counter as C;
        code.function(&self.access([
            C::ReadMessage,
            C::ReadAnswer,
            C::ReadShadowStack,
            C::ReadStaticData,
            C::ReadHeap,
        ]));
        code.function(&self.access([
            C::WrittenMessage,
            C::WrittenAnswer,
            C::WrittenShadowStack,
            C::WrittenStaticData,
            C::WrittenHeap,
        ]));
        code.function(&self.growth());
    }

    /// Adds the number on the stack to a counter.
    pub fn add(&self, code: &mut InstructionSink<'_>, counter: Counter) {
        let global = self.global(counter);
        code.global_get(global).i64_add().global_set(global);
    }

    /// Adds `bytes` to the first counter whose region `address + offset` lies in: that of the message, of answers, the
    /// shadow stack, static data, and what is none of these.
    fn access(&self, [message, answer, shadow_stack, static_data, heap]: [Counter; 5]) -> Function {
        const ADDRESS: u32 = 0;
        const OFFSET: u32 = 1;
        const BYTES: u32 = 2;
        const AT: u32 = 3;
        let mut function = Function::new([(1, ValType::I64)]);
        let mut code = function.instructions();
        code.local_get(ADDRESS).i64_extend_i32_u().local_get(OFFSET).i64_extend_i32_u().i64_add().local_set(AT);
        let constant = |(start, end): (u32, u32)| (Bound::Constant(start), Bound::Constant(end - start));
        let regions = [
            ((Bound::Global(self.message_start()), Bound::Global(self.message_len())), message),
            ((Bound::Global(self.answer_start()), Bound::Global(self.answer_len())), answer),
            (constant(self.layout.shadow_stack), shadow_stack),
            (constant(self.layout.static_data), static_data),
        ];
        for ((start, len), counter) in regions {
            code.local_get(AT);
            start.push(&mut code);
            code.i64_sub();
            len.push(&mut code);
            code.i64_lt_u().if_(BlockType::Empty).local_get(BYTES).i64_extend_i32_u();
            self.add(&mut code, counter);
            code.return_().end();
        }
        code.local_get(BYTES).i64_extend_i32_u();
        self.add(&mut code, heap);
        code.end();
        function
    }

    /// Counts pages that were grown, and marks them.
    fn growth(&self) -> Function {
        const OLD: u32 = 0;
        const PAGES: u32 = 1;
        let mut function = Function::new([]);
        let mut code = function.instructions();
        code.local_get(OLD).i32_const(-1).i32_eq().if_(BlockType::Empty).return_().end();
        code.local_get(PAGES).i64_extend_i32_u();
        self.add(&mut code, Counter::GrownPages);
        code.local_get(OLD).i32_const(1).local_get(PAGES).memory_fill(self.memory).end();
        function
    }
}
