//! Modules that no text can be: too large, cut, of something else.

use std::fmt::Write as _;

use crate::attack::header::Header;
use crate::attack::hostile::{Attack, Half, Make, Origin};

const GROUP: &str = "without bound";

/// The attacks that have one input: name, what the guest is, and what makes it.
const MADE: [(&str, &str, Make); 7] = [
    ("module-of-200-megabytes", "is a module of 200 MB, most of it a section that nobody reads", padded),
    ("exports-100000", "exports its functions under 100 000 more names", |honest, _| {
        with(honest, 100_000, |text, number| write!(text, "(export \"e{number}\" (func $produce))"))
    }),
    ("functions-20000", "has 20 000 more functions", |honest, _| {
        with(honest, 20_000, |text, number| write!(text, "(func (result i32) (i32.const {number}))"))
    }),
    ("data-segments-10000", "has 10 000 data segments, one over the other", |honest, _| {
        with(honest, 10_000, |text, number| write!(text, "(data (i32.const {}) \"x\")", number % 1024))
    }),
    ("globals-100000", "has 100 000 globals", |honest, _| {
        with(honest, 100_000, |text, number| write!(text, "(global i32 (i32.const {number}))"))
    }),
    ("function-of-megabytes", "has one function of 100 000 calls", |honest, _| long_function(honest)),
    ("blocks-within-blocks", "nests 20 000 blocks in one another", |honest, _| nested_blocks(honest)),
];

/// What makes a file that is no module of one that is.
type Foreign = fn(&[u8]) -> Vec<u8>;

/// What is cut or foreign, and what is made of a good module.
const FOREIGN: [(&str, Foreign); 12] = [
    ("nothing", |_| Vec::new()),
    ("one byte", |_| vec![0]),
    ("half a header", |module| cut(module, 4)),
    ("a header alone", |module| cut(module, 8)),
    ("a quarter of a module", |module| cut(module, module.len() / 4)),
    ("half a module", |module| cut(module, module.len() / 2)),
    ("a component's header", |_| b"\0asm\x0d\0\x01\0".to_vec()),
    ("another version of WebAssembly", |module| [b"\0asm\x02\0\0\0", module.get(8..).unwrap_or_default()].concat()),
    ("a program for Linux", |_| [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 57]].concat()),
    ("JavaScript", |_| b"export function receive(ptr, len) { return 0 }".to_vec()),
    ("an archive", |_| b"PK\x03\x04\x14\0\0\0\x08\0".repeat(50)),
    ("a section of 4 GiB", |module| [cut(module, 8), b"\x01\xff\xff\xff\xff\x0f".to_vec()].concat()),
];

/// All of them.
pub fn attacks() -> Vec<Attack> {
    let attack = |name: &str, head, make| Attack { name: name.to_owned(), head, origin: Origin::Made(make) };
    let made = MADE.into_iter().map(|(name, about, make)| attack(name, Header::of(GROUP, Half::Near, about), make));
    let about = "is no module, but something that is cut or foreign";
    let foreign = Header::of(GROUP, Half::Far, about).with_inputs(FOREIGN.map(|(what, _)| what.to_owned()));
    made.chain([attack("no-module", foreign, no_module)]).collect()
}

/// The input of [`FOREIGN`] with this name.
fn no_module(honest: &str, input: &str) -> Vec<u8> {
    let module = wat::parse_str(honest).unwrap_or_default();
    let made = FOREIGN.iter().find(|(what, _)| *what == input);
    made.map_or_else(Vec::new, |(_, make)| make(&module))
}

fn cut(module: &[u8], len: usize) -> Vec<u8> {
    module.get(..len).unwrap_or(module).to_vec()
}

/// A guest with so many more forms.
fn with(honest: &str, count: u32, form: impl Fn(&mut String, u32) -> std::fmt::Result) -> Vec<u8> {
    let mut forms = String::new();
    for number in 0..count {
        // Writing to a string does not fail.
        let _ = form(&mut forms, number);
    }
    added(honest, &forms)
}

/// A guest with more forms.
fn added(honest: &str, forms: &str) -> Vec<u8> {
    let module = honest.trim_end().strip_suffix(')').unwrap_or(honest);
    format!("{module}{forms})").into_bytes()
}

/// A guest with a custom section of 200 MB.
fn padded(honest: &str, _: &str) -> Vec<u8> {
    const PADDING: u32 = 200_000_000;
    let mut module = wat::parse_str(honest).unwrap_or_default();
    // A section: its number, its size, its name.
    module.push(0);
    let mut size = PADDING + 2;
    while size > 0x7F {
        module.push(size as u8 | 0x80);
        size >>= 7;
    }
    module.extend([size as u8, 1, b'x']);
    module.resize(module.len() + PADDING as usize, 0);
    module
}

/// A guest that calls a function which calls 100 000 times.
fn long_function(honest: &str) -> Vec<u8> {
    let calls = "(call $short)".repeat(100_000);
    added(honest, &format!("(func $short) (func $long {calls}) (func (export \"long\") (call $long))"))
}

/// A guest with blocks in blocks.
fn nested_blocks(honest: &str) -> Vec<u8> {
    const DEEP: usize = 20_000;
    added(honest, &format!("(func {} {})", "block ".repeat(DEEP), "end ".repeat(DEEP)))
}
