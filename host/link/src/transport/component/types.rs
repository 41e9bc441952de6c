//! The type of what is sent: a list of bytes, or what a typed codec says of itself (docs/ABI.md, "Typed messages").

use std::fmt::Write as _;

use crate::guest::{Guest, GuestError};
use crate::pair::PairSpec;

/// The types of a message.
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
    /// Where the consumer's section `weft.types` does not say them.
    pub fn of(spec: &PairSpec<'_>) -> Result<Self, GuestError> {
        match &spec.guests.consumer.0.types {
            None => Ok(Self { named: Vec::new(), message: "(list u8)".to_owned(), element_bytes: 1 }),
            Some(text) => Self::read(&spec.guests.consumer.0, text, spec.message),
        }
    }

    /// Reads the lines of a message: `<message> <name> <definition>`, and `<message> <bytes of an element> <definition>` at last.
    fn read(guest: &Guest, text: &str, message: &str) -> Result<Self, GuestError> {
        let wrong = |reason: String| GuestError::Types { guest: guest.name.clone(), reason };
        let mut named = Vec::new();
        for line in text.lines() {
            let mut words = line.splitn(3, ' ');
            let (Some(of), Some(name), Some(definition)) = (words.next(), words.next(), words.next()) else {
                return Err(wrong(format!("`{line}` is no type: a message, a name and a definition")));
            };
            if of != message {
                continue;
            }
            if let Ok(element_bytes) = name.parse() {
                return Ok(Self { named, message: definition.to_owned(), element_bytes });
            }
            if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
                return Err(wrong(format!("`{name}` is no name of a type")));
            }
            named.push((name.to_owned(), definition.to_owned()));
        }
        Err(wrong(format!("it does not say of what type `{message}` is")))
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
