//! Modules that are no guests: refused before they run, with an error that names the guest and what is
//! wrong. Nothing that somebody puts into a file makes the host panic.

use weft_link::guest::{ABI, Guest, GuestError, Side, Traits};
use weft_schemas::{Random, Task};

use crate::support::wat::{ConsumerText, ProducerText, compile, names, read};
use crate::support::{ENGINE, codecs, message, spec, transports};

const MEMORY: &str = r#"(import "env" "memory" (memory 1))"#;
const SEND: &str = r#"(import "weft" "send" (func $send (param i32 i32) (result i64)))"#;

/// A producer with other imports.
fn importing(imports: &str) -> String {
    ProducerText { imports: imports.to_owned(), ..ProducerText::default() }.text()
}

/// The same as text, with a part replaced.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "`{from}` is not in {text}");
    text.replace(from, to)
}

/// Asserts that the guest is refused, by an error with all these parts.
fn refused(side: Side, text: &str, parts: &[&str]) {
    let error = match read(side, text) {
        Ok(_) => panic!("this must be refused: {text}"),
        Err(error) => error.to_string(),
    };
    assert!(error.starts_with(&format!("the {side} of `hostile`")), "{error}");
    names(&error, parts);
}

#[test]
fn imports_that_the_abi_does_not_have() {
    let foreign = [
        (r#"(import "env" "print" (func))"#, "env.print"),
        (r#"(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))"#, "fd_write"),
        (r#"(import "weft" "receive" (func (param i32 i32) (result i64)))"#, "weft.receive"),
        (r#"(import "env" "table" (table 1 funcref))"#, "env.table"),
        (r#"(import "env" "base" (global i32))"#, "env.base"),
        (r#"(import "env" "other" (memory 1))"#, "env.other"),
        (MEMORY, "env.memory"),
    ];
    for (import, name) in foreign {
        let both = "env.memory";
        refused(
            Side::Producer,
            &importing(&format!("{MEMORY} {SEND} {import}")),
            &[name, "imports", both, "weft.send"],
        );
        let imports = format!("{MEMORY} {import}");
        let consumer = ConsumerText { imports, ..ConsumerText::default() };
        refused(Side::Consumer, &consumer.text(), &[name, "imports", both]);
    }
}

#[test]
fn a_consumer_sends_nothing() {
    let consumer = ConsumerText { imports: format!("{MEMORY} {SEND}"), ..ConsumerText::default() };
    refused(Side::Consumer, &consumer.text(), &["weft.send", "nothing else"]);
}

#[test]
fn sends_of_another_type() {
    for send in [
        r#"(import "weft" "send" (func $send (param i32 i32) (result i32)))"#,
        r#"(import "weft" "send" (func $send (param i64 i64) (result i64)))"#,
        r#"(import "weft" "send" (func $send (param i32 i32)))"#,
        r#"(import "weft" "send" (global i64))"#,
    ] {
        let text =
            format!(r#"(module {MEMORY} {send} (func (export "outbox") (param i32) (result i64) (i64.const 0)))"#);
        refused(Side::Producer, &text, &["weft.send", "(i32, i32) -> i64"]);
    }
}

#[test]
fn memories_that_are_missing_or_of_another_kind() {
    for (memory, name) in [
        ("", "imports no memory"),
        (r#"(import "env" "mem" (memory 1))"#, "env.mem"),
        (r#"(import "memory" "env" (memory 1))"#, "memory.env"),
        (r#"(import "env" "memory" (memory i64 1))"#, "64-bit"),
        (r#"(import "env" "memory" (memory 1 2 shared))"#, "shared"),
        (r#"(import "env" "memory" (memory 1 2))"#, "with a maximum"),
        (r#"(import "env" "memory" (func))"#, "env.memory"),
    ] {
        let text = format!(r#"(module {memory} (func (export "inbox") (param i32) (result i64) (i64.const 0)))"#);
        refused(Side::Consumer, &text, &[name, "env.memory"]);
    }
}

#[test]
fn components() {
    for component in ["(component)", "(component (core module (import \"env\" \"memory\" (memory 1))))"] {
        refused(
            Side::Consumer,
            component,
            &["it is a component", "core modules (docs/ABI.md)", "wasm32-unknown-unknown"],
        );
    }
}

#[test]
fn regions_that_nobody_gives() {
    let producer = replaced(&ProducerText::default().text(), r#"(export "outbox")"#, "");
    refused(Side::Producer, &producer, &["`outbox`", "prepare_blob, produce_blob"]);
    let consumer = replaced(&ConsumerText::default().text(), r#"(export "inbox")"#, "");
    refused(Side::Consumer, &consumer, &["`inbox`", "receive_blob_peek"]);
    // Values from the host need a place.
    let rest = r#"(func (export "supply_log") (param i32 i32 i32) (result i64) (i64.const 8))"#.to_owned();
    let supplied = ProducerText { rest, ..ProducerText::default() };
    refused(Side::Producer, &supplied.text(), &["`values`", "prepare_blob, produce_blob, supply_log"]);
    // What is exported under the name is no function.
    let global = replaced(&producer, "(module", r#"(module (export "outbox" (global $outbox))"#);
    refused(Side::Producer, &global, &["`outbox`"]);
}

/// Who has such a name would be taken for a guest that is counted.
#[test]
fn exports_that_are_named_like_those_of_counting() {
    let good = (ProducerText::default().text(), ConsumerText::default().text());
    for (side, good) in [(Side::Producer, good.0), (Side::Consumer, good.1)] {
        let end = good.trim_end().strip_suffix(')').expect("a module's end");
        let named = |name: &str| format!(r#"{end} (global (export "{name}") i64 (i64.const 0)))"#);
        refused(side, &named("weft.meter.Instructions"), &["exports `weft.meter.Instructions`", "docs/ABI.md"]);
        assert!(read(side, named("weft.metre")).is_ok(), "another name is nobody's business");
    }
}

#[test]
fn exports_of_another_type() {
    let good = (ProducerText::default().text(), ConsumerText::default().text());
    let cases = [
        (Side::Producer, "outbox", r#"(func (export "outbox") (param i64) (result i64) (i64.const 0))"#),
        (
            Side::Producer,
            "prepare_blob",
            r#"(func (export "prepare_blob") (param i32 i32 i32) (result i64) (i64.const 0))"#,
        ),
        (Side::Producer, "produce_blob", r#"(func (export "produce_blob") (param i32 i32))"#),
        (
            Side::Producer,
            "supply_blob",
            r#"(func (export "supply_blob") (param i32 i32 i64) (result i64) (i64.const 0))"#,
        ),
        (Side::Producer, "values", r#"(func (export "values") (param i32) (result i32) (i32.const 0))"#),
        (Side::Consumer, "inbox", r#"(func (export "inbox") (result i64) (i64.const 0))"#),
        (Side::Consumer, "rejected", r#"(func (export "rejected") (result i32) (i32.const 0))"#),
        (
            Side::Consumer,
            "receive_blob_peek",
            r#"(func (export "receive_blob_peek") (param i32 i32) (result i32) (i32.const 0))"#,
        ),
    ];
    for (side, export, function) in cases {
        let good = if side == Side::Producer { &good.0 } else { &good.1 };
        let other = good.replace(&format!(r#"(export "{export}")"#), "");
        let end = other.trim_end().strip_suffix(')').expect("a module's end");
        refused(side, &format!("{end} {function})"), &[&format!("`{export}`"), "the ABI says", "i64"]);
    }
}

#[test]
fn messages_that_are_not_exported_are_missing_where_they_are_asked_for() {
    let guests = compile(&ProducerText::default(), &ConsumerText::default());
    let cases = [
        (
            "log@1",
            Task::Peek,
            ["the consumer of `hostile`", "`receive_log_peek`", "inbox, receive_blob_peek, rejected"],
        ),
        (
            "blob@64",
            Task::Own,
            ["the consumer of `hostile`", "`receive_blob_own`", "inbox, receive_blob_peek, rejected"],
        ),
    ];
    for transport in transports() {
        for (name, task, parts) in cases {
            let spec = spec((&ENGINE, &guests), message(name), task, 1, 0);
            let error = transport.join(&spec).map(|_| ()).expect_err("there is no such export").to_string();
            names(&error, &parts);
        }
    }
}

/// What a producer with this section `weft.traits` says about itself, as the codec `hostile`.
fn traits_of(section: &str) -> Result<Traits, GuestError> {
    let producer = ProducerText { rest: section.to_owned(), ..ProducerText::default() };
    read(Side::Producer, producer.text()).expect("a guest whatever it says").traits()
}

/// A section `weft.traits` with this content.
fn section(content: &str) -> String {
    format!("(@custom \"weft.traits\" {content:?})")
}

#[test]
fn descriptions_that_are_unusable() {
    let good = serde_json::to_string(&codecs()[0].traits).expect("traits are JSON");
    let traits = traits_of(&section(&format!("{good}   "))).expect("a good description, padded");
    assert_eq!(traits, codecs()[0].traits);
    let bad = [
        (section(""), "EOF"),
        (section("no JSON"), "expected"),
        (section("1"), "invalid type: integer"),
        (section(r#"{"role": "codec", "schema": "yes"}"#), "expected a boolean"),
        (section(&good.replace("\"role\":\"", "\"role\":\"x")), "unknown variant"),
        (section(&format!("{good}{good}")), "trailing"),
        (section(r#"{"role": "\u001b[2J"}"#), "unknown variant `\\u{1b}[2J`"),
        ("(@custom \"weft.traits\" \"\\ff\\fe\")".to_owned(), "expected"),
    ];
    for (section, why) in bad {
        let error = traits_of(&section).map(|_| ()).expect_err("no usable description").to_string();
        assert!(error.starts_with("the producer of `hostile`") && error.contains("weft.traits"), "{error}");
        assert!(error.contains(why), "`{why}` is missing in: {error}");
    }
}

/// Whoever made a guest wrote them, and they are printed to a terminal.
#[test]
fn descriptions_are_lines_that_no_terminal_obeys() {
    let text = r#"{"about": "x\u001b[2J\nok     digests", "unsupported": {"ping/own": "\u202enone"}}"#;
    let traits = traits_of(&section(text)).expect("a description");
    assert_eq!(traits.about.as_deref(), Some("x\\u{1b}[2J ok     digests"));
    assert_eq!(traits.why_unsupported("ping", "own"), Some("\\u{202e}none"));
}

/// What a guest does not say is not known, and no error.
#[test]
fn descriptions_that_are_missing_or_incomplete() {
    for nothing in [String::new(), section("{}"), section(r#"{"of_tomorrow": 1}"#)] {
        assert_eq!(traits_of(&nothing).expect("nothing is said"), Traits::default());
    }
    let little = traits_of(&section(r#"{"about": "little", "in_place": true}"#)).expect("little is said");
    let expected = Traits { about: Some("little".to_owned()), in_place: Some(true), ..Traits::default() };
    assert_eq!(little, expected);
}

#[test]
fn another_version_of_the_abi_is_an_error_that_names_both() {
    assert_eq!(traits_of(&section(&format!("{{\"abi\": {ABI}}}"))).expect("this version").abi, Some(ABI));
    for other in [0, ABI + 1, u32::MAX] {
        let error = traits_of(&section(&format!("{{\"abi\": {other}}}"))).expect_err("another version").to_string();
        let versions = format!("it speaks version {other} of the ABI, and this weft version {ABI}");
        names(&error, &["the producer of `hostile`", "weft.traits", &versions, "docs/ABI.md"]);
    }
}

/// Reads and compiles a guest; nothing may panic on the way.
fn try_compile(side: Side, wasm: &[u8]) -> Result<Guest, GuestError> {
    let guest = read(side, wasm)?;
    guest.compile(&ENGINE)?;
    Ok(guest)
}

#[test]
fn random_bytes_are_no_module() {
    let mut random = Random::new(1, 1);
    for len in (0..64).chain((64..4096).step_by(61)) {
        let mut bytes = vec![0; len];
        random.fill(&mut bytes);
        let mut headed = b"\0asm\x01\0\0\0".to_vec();
        headed.extend(&bytes);
        for wasm in [bytes, headed] {
            let error = try_compile(Side::Producer, &wasm).map(|_| ()).expect_err("random bytes").to_string();
            assert!(error.starts_with("the producer of `hostile`"), "{error}");
        }
    }
}

#[test]
fn truncated_modules_are_refused() {
    let texts = [(Side::Producer, ProducerText::default().text()), (Side::Consumer, ConsumerText::default().text())];
    for (side, text) in texts {
        let wasm = read(side, text).expect("a good guest").wasm;
        for len in 0..wasm.len() {
            match try_compile(side, &wasm[..len]) {
                Err(error) => assert!(error.to_string().contains("of `hostile`"), "{error}"),
                // What follows the code is the names of functions, which a module need not have.
                Ok(guest) => assert!(guest.has("outbox") || guest.has("inbox"), "{len} bytes of {}", wasm.len()),
            }
        }
    }
}

#[test]
fn truncated_codecs_are_refused() {
    for codec in codecs() {
        let Guest { name, wasm, .. } = &codec.producer;
        for part in 0..16 {
            let error = Guest::read(name.clone(), &wasm[..wasm.len() * part / 16]).expect_err("half a module");
            assert!(error.to_string().contains(&name.to_string()), "{error}");
        }
    }
}

/// Whatever a flipped bit makes of a module: an error, or another module.
#[test]
fn flipped_bits_never_make_the_host_panic() {
    let texts = [(Side::Producer, ProducerText::default().text()), (Side::Consumer, ConsumerText::default().text())];
    for (side, text) in texts {
        let wasm = read(side, text).expect("a good guest").wasm.to_vec();
        for bit in 0..wasm.len() * 8 {
            let mut other = wasm.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            if let Err(error) = try_compile(side, &other) {
                assert!(error.to_string().contains("of `hostile`"), "{error}");
            }
        }
    }
}
