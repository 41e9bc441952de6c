//! The type of what is sent: a list of bytes, or what a typed codec says of itself (docs/ABI.md, "Typed messages").
//!
//! What guests say becomes a part of the composition's text. So it is parsed, and written anew from what was understood: a definition can
//! define a type, and nothing else.

use std::collections::HashMap;
use std::fmt::Write as _;

use wast::component::ComponentValType;
use wast::parser::{ParseBuffer, parse};

use super::shape::Shape;
use crate::guest::{Guest, GuestError, in_a_line};
use crate::pair::PairSpec;

/// The types of a message.
#[derive(Debug, PartialEq)]
pub struct Types {
    /// Records and enumerations, each with its definition, in an order in which they can be defined.
    named: Vec<(String, String)>,
    /// What is sent.
    message: String,
    element_bytes: u32,
}

impl Types {
    /// The types of the message of `spec`.
    ///
    /// # Errors
    /// Where the guests' sections `weft.types` do not say them, or not the same.
    pub fn of(spec: &PairSpec<'_>) -> Result<Self, GuestError> {
        let Some([sent, received]) = spec.guests.types()? else {
            return Ok(Self { named: Vec::new(), message: "(list u8)".to_owned(), element_bytes: 1 });
        };
        let [near, far] = [&spec.guests.producer.0, &spec.guests.consumer.0];
        let sent = Self::read(near, sent, spec.message)?;
        if sent != Self::read(far, received, spec.message)? {
            return Err(wrong(near, format!("it does not say the same of `{}` as that of {}", spec.message, far.name)));
        }
        Ok(sent)
    }

    /// Reads the lines of a message: `<message> <name> <definition>`, and `<message> <bytes of an element> <definition>` at last.
    fn read(guest: &Guest, text: &str, message: &str) -> Result<Self, GuestError> {
        let (mut named, mut shapes) = (Vec::new(), HashMap::new());
        for line in text.lines() {
            let mut words = line.splitn(3, ' ');
            let (Some(of), Some(name), Some(definition)) = (words.next(), words.next(), words.next()) else {
                return Err(wrong(guest, format!("`{}` is no type: a message, a name and a definition", cut(line))));
            };
            if of != message {
                continue;
            }
            let at_fault = |why: String| wrong(guest, format!("`{}`: {}", cut(line), cut(&why)));
            let shape = shape(definition, &shapes).map_err(at_fault)?;
            if let Ok(element_bytes) = name.parse() {
                let message = list_of(&shape, element_bytes).map_err(at_fault)?;
                return Ok(Self { named, message, element_bytes });
            }
            if !is_name(name) {
                return Err(wrong(guest, format!("`{}` is no name of a type", cut(name))));
            }
            named.push((name.to_owned(), shape.text.clone()));
            if shapes.insert(name.to_owned(), Shape { text: format!("${name}"), ..shape }).is_some() {
                return Err(wrong(guest, format!("`{}` is defined twice", cut(name))));
            }
        }
        Err(wrong(guest, format!("it does not say of what type `{message}` is")))
    }

    /// Whether what is sent is a list of bytes.
    pub fn are_bytes(&self) -> bool {
        self.message == "(list u8)"
    }

    /// The bytes of an element of what is sent.
    pub const fn element_bytes(&self) -> u32 {
        self.element_bytes
    }

    /// Their definitions, for the component that exports them; `$message` is what is sent.
    pub fn defined(&self) -> String {
        let mut text = String::new();
        for (name, definition) in &self.named {
            let _ = writeln!(text, r#"(type $the-{name} {definition}) (export ${name} "{name}" (type $the-{name}))"#);
        }
        let _ = write!(text, "(type $message {})", self.message);
        text
    }

    /// The same types, for the component that imports them.
    pub fn imported(&self) -> String {
        let mut text = String::from("(import \"types\" (instance $types\n");
        for (name, definition) in &self.named {
            let _ =
                writeln!(text, r#"(type $the-{name} {definition}) (export "{name}" (type ${name} (eq $the-{name})))"#);
        }
        text.push_str("))\n");
        for (name, _) in &self.named {
            let _ = writeln!(text, r#"(alias export $types "{name}" (type ${name}))"#);
        }
        let _ = write!(text, "(type $message {})", self.message);
        text
    }
}

/// The error of a guest whose section cannot be used. What it says of itself is printed as a line.
fn wrong(guest: &Guest, reason: String) -> GuestError {
    GuestError::Types { guest: guest.name.clone(), reason: in_a_line(&reason) }
}

/// As much of a text as a person reads.
fn cut(text: &str) -> String {
    const SHOWN: usize = 120;
    let mut cut: String = text.chars().take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() {
        cut.push('…');
    }
    cut
}

/// What a definition says, by itself and after these.
fn shape(definition: &str, named: &HashMap<String, Shape>) -> Result<Shape, String> {
    let unread = |error: wast::Error| format!("this is no type: {}", error.message());
    let buffer = ParseBuffer::new(definition).map_err(unread)?;
    Shape::of(&parse::<ComponentValType<'_>>(&buffer).map_err(unread)?, named)
}

/// The text of a message, which is a list of elements of so many bytes.
fn list_of(shape: &Shape, element_bytes: u32) -> Result<String, String> {
    match shape.element_bytes {
        None => Err("a message must be a list".to_owned()),
        Some(bytes) if bytes != u64::from(element_bytes) => {
            Err(format!("an element takes {bytes} bytes, not {element_bytes}"))
        }
        Some(_) => Ok(shape.text.clone()),
    }
}

/// Whether a text can be the name of a type: words of small letters and digits with `-` between, as within a component; and none of those
/// that the composition gives.
fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_word = |word: &str| word.starts_with(|first: char| first.is_ascii_lowercase()) && word.bytes().all(plain);
    text.split('-').all(is_word) && text != "message" && !text.starts_with("the-")
}

#[cfg(test)]
mod tests {
    use super::Types;
    use crate::guest::{Guest, GuestName, Side};

    fn guest() -> Guest {
        let name = GuestName { codec: "typed".to_owned(), side: Side::Consumer };
        let text = r#"(module (import "env" "memory" (memory 1)) (func (export "inbox") (param i32) (result i64) (i64.const 0)))"#;
        Guest::read(name, text.as_bytes()).expect("a guest")
    }

    fn read(text: &str) -> Result<Types, String> {
        Types::read(&guest(), text, "log").map_err(|error| error.to_string())
    }

    #[test]
    fn definitions_are_written_anew() {
        let types = read(
            "mesh 4 (list f32)\nlog shade (enum \"light\" \"dark\")\n\
             log entry ( record ;; a comment\t(field \"a\" u8))\nlog 1 (list $shade)",
        );
        assert!(types.expect_err("a comment ends the line").contains("log entry"));
        let types = read(
            "log shade (enum  \"light\" \"dark\")\nlog one (record (field \"of\"   $shade))\nlog 1 (list $one)\nlog x y",
        );
        let types = types.expect("types");
        assert_eq!(types.named[0].1, r#"(enum "light" "dark")"#);
        assert_eq!(types.named[1].1, r#"(record (field "of" $shade))"#);
        assert_eq!((types.message.as_str(), types.element_bytes), ("(list $one)", 1));
    }

    /// What was a definition and more: code that would be instantiated with the other guest's memory.
    #[test]
    fn a_definition_can_define_a_type_and_nothing_else() {
        for (text, said) in [
            ("log 1 (list u8)) (core module $e) (type $o (list u8)", "no type"),
            ("log 1 (list u8) (core module)", "no type"),
            ("log 1 (list u8", "no type"),
            ("log 1 (list $outside)", "`$outside` was not defined before"),
            ("log 1 (list 3)", "by their names"),
            ("log 1 (list (own $x))", "cannot be sent"),
            ("log a (record (field \"x\\\" u8\" u8))\nlog 1 (list $a)", "no name of a field"),
            ("log a) (enum \"x\")\nlog 1 (list u8)", "no name of a type"),
            ("log \"a\" (enum \"x\")\nlog 1 (list u8)", "no name of a type"),
            ("log  (enum \"x\")\nlog 1 (list u8)", "no name of a type"),
            ("log a (enum \"x\")\nlog a (enum \"x\")\nlog 1 (list $a)", "defined twice"),
            ("log message (enum \"x\")\nlog 1 (list u8)", "no name of a type"),
            ("log the-x (enum \"x\")\nlog 1 (list u8)", "no name of a type"),
            ("log a--b (enum \"x\")\nlog 1 (list u8)", "no name of a type"),
            ("log 4 u32", "must be a list"),
            ("log 0 (list u8)", "an element takes 1 bytes, not 0"),
            ("log 4 (list (record (field \"a\" u8) (field \"b\" u64)))", "an element takes 16 bytes, not 4"),
            ("log a (enum \"x\")", "does not say of what type `log` is"),
            ("log", "is no type"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(said), "{text}: {error}");
        }
        let error = read("log 1 (list u8 \u{1b}]0;x\u{7})").expect_err("it is no type");
        assert!(error.chars().all(|c| !c.is_control()), "{error:?}");
    }
}
