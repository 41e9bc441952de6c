//! How a value of a type lies in memory, by the component model's canonical ABI.

use std::collections::HashMap;
use std::fmt::Write as _;

use wast::component::{ComponentDefinedType as Defined, ComponentValType, PrimitiveValType as Primitive, VariantCase};
use wast::token::Index;

/// A type: its text, which says nothing else, and how a value of it lies in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What defines it, or refers to it.
    pub text: String,
    /// The bytes of a value.
    pub size: u64,
    /// What its address is a multiple of.
    pub align: u64,
    /// The bytes of an element, where it is a list.
    pub element_bytes: Option<u64>,
}

/// What makes the shape of a part.
type Of<'f> = &'f dyn Fn(&ComponentValType<'_>) -> Result<Shape, String>;

/// No value has more bytes: none would have a place in a memory.
const LARGEST: u64 = 1 << 32;

/// A pointer and a length.
const POINTER_AND_LENGTH: (u64, u64) = (8, 4);

impl Shape {
    /// The shape of a type, which may refer to these.
    ///
    /// # Errors
    /// Where it is no type of values that can be sent.
    pub fn of(ty: &ComponentValType<'_>, named: &HashMap<String, Self>) -> Result<Self, String> {
        match ty {
            ComponentValType::Ref(Index::Id(id)) => {
                named.get(id.name()).cloned().ok_or_else(|| format!("`${}` was not defined before", id.name()))
            }
            ComponentValType::Ref(Index::Num(..)) => Err("types are referred to by their names".to_owned()),
            ComponentValType::Inline(defined) => Self::defined(defined, &|ty| Self::of(ty, named)),
        }
    }

    /// The shape of a type whose parts have these.
    fn defined(defined: &Defined<'_>, of: Of<'_>) -> Result<Self, String> {
        match defined {
            Defined::Primitive(primitive) => Self::primitive(*primitive),
            Defined::List(list) => {
                let element = of(&list.element)?;
                let shape = Self::new(format!("(list {})", element.text), POINTER_AND_LENGTH)?;
                Ok(Self { element_bytes: Some(element.size), ..shape })
            }
            Defined::Record(record) => {
                let fields = record.fields.iter().map(|field| Ok((name(field.name)?, of(&field.ty)?)));
                let fields = fields.collect::<Result<Vec<_>, String>>()?;
                let text = joined("record", fields.iter().map(|(name, ty)| format!("(field {name} {})", ty.text)));
                Self::new(text, in_order(fields.iter().map(|(_, ty)| ty)))
            }
            Defined::Tuple(tuple) => {
                let fields = tuple.fields.iter().map(of).collect::<Result<Vec<_>, String>>()?;
                Self::new(joined("tuple", fields.iter().map(|ty| ty.text.clone())), in_order(&fields))
            }
            Defined::Enum(cases) => {
                let names = cases.names.iter().map(|case| name(case)).collect::<Result<Vec<_>, String>>()?;
                let lies = one_of(names.len(), &[]);
                Self::new(joined("enum", names), lies)
            }
            Defined::Option(option) => {
                let value = of(&option.element)?;
                Self::new(format!("(option {})", value.text), one_of(2, &[value]))
            }
            Defined::Variant(variant) => Self::variant(&variant.cases, of),
            _ => Err("values of this type cannot be sent; there are records, tuples, lists, enumerations, variants and options"
                .to_owned()),
        }
    }

    fn variant(cases: &[VariantCase<'_>], of: Of<'_>) -> Result<Self, String> {
        let (mut values, mut texts) = (Vec::new(), Vec::new());
        for case in cases {
            let value = case.ty.as_ref().map(of).transpose()?;
            let text = value.as_ref().map(|value| format!(" {}", value.text)).unwrap_or_default();
            texts.push(format!("(case {}{text})", name(case.name)?));
            values.extend(value);
        }
        Self::new(joined("variant", texts), one_of(cases.len(), &values))
    }

    fn new(text: String, (size, align): (u64, u64)) -> Result<Self, String> {
        match size {
            0 => Err(format!("`{text}` has no values")),
            size if size >= LARGEST => Err("a value of this type is larger than a memory".to_owned()),
            size => Ok(Self { text, size, align, element_bytes: None }),
        }
    }

    fn primitive(primitive: Primitive) -> Result<Self, String> {
        let (text, bytes) = match primitive {
            Primitive::Bool => ("bool", 1),
            Primitive::S8 => ("s8", 1),
            Primitive::U8 => ("u8", 1),
            Primitive::S16 => ("s16", 2),
            Primitive::U16 => ("u16", 2),
            Primitive::S32 => ("s32", 4),
            Primitive::U32 => ("u32", 4),
            Primitive::S64 => ("s64", 8),
            Primitive::U64 => ("u64", 8),
            Primitive::F32 => ("f32", 4),
            Primitive::F64 => ("f64", 8),
            Primitive::Char => ("char", 4),
            Primitive::String => return Self::new("string".to_owned(), POINTER_AND_LENGTH),
            Primitive::ErrorContext => return Err("values of this type cannot be sent".to_owned()),
        };
        Self::new(text.to_owned(), (bytes, bytes))
    }
}

/// Size and alignment of values one after the other.
fn in_order<'a>(values: impl IntoIterator<Item = &'a Shape>) -> (u64, u64) {
    let after = |(size, align): (u64, u64), value: &Shape| {
        // Each is smaller than a memory, and a section has no more of them than bytes: this does not overflow.
        (size.next_multiple_of(value.align) + value.size, align.max(value.align))
    };
    let (size, align) = values.into_iter().fold((0, 1), after);
    (size.next_multiple_of(align), align)
}

/// Size and alignment of one of so many cases, of which some have these values.
fn one_of(cases: usize, values: &[Shape]) -> (u64, u64) {
    let number = match cases {
        0 => return (0, 1),
        1..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    };
    let align = values.iter().map(|value| value.align).max().unwrap_or(1);
    let largest = values.iter().map(|value| value.size).max().unwrap_or(0);
    let whole = number.max(align);
    ((number.next_multiple_of(align) + largest).next_multiple_of(whole), whole)
}

fn joined(kind: &str, parts: impl IntoIterator<Item = String>) -> String {
    let mut text = format!("({kind}");
    for part in parts {
        let _ = write!(text, " {part}");
    }
    text + ")"
}

/// A field's or a case's name as the text has it.
fn name(name: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if name.is_empty() || !name.bytes().all(plain) {
        return Err(format!("`{name}` is no name of a field or a case"));
    }
    Ok(format!("\"{name}\""))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use wast::component::ComponentValType;
    use wast::parser::{ParseBuffer, parse};

    use super::Shape;

    fn shape(text: &str) -> Result<Shape, String> {
        let buffer = ParseBuffer::new(text).expect("tokens");
        Shape::of(&parse::<ComponentValType<'_>>(&buffer).expect("a type"), &HashMap::new())
    }

    /// The layouts are those of the canonical ABI's definition.
    #[test]
    fn values_lie_as_the_canonical_abi_says() {
        for (text, size, align) in [
            ("bool", 1, 1),
            ("char", 4, 4),
            ("string", 8, 4),
            ("(list u64)", 8, 4),
            (r#"(record (field "a" u8) (field "b" u64) (field "c" u8))"#, 24, 8),
            (r#"(record (field "a" u8) (field "b" u16) (field "c" u8))"#, 6, 2),
            ("(tuple f64 f64 f32)", 24, 8),
            (r#"(enum "a" "b")"#, 1, 1),
            ("(option u8)", 2, 1),
            ("(option string)", 12, 4),
            ("(option (tuple f64 f64 f64))", 32, 8),
            (r#"(variant (case "a") (case "b" u64) (case "c" string))"#, 16, 8),
        ] {
            let found = shape(text).expect(text);
            assert_eq!((found.text.as_str(), found.size, found.align), (text, size, align));
        }
        let many =
            |cases: usize| format!("(enum{})", (0..cases).map(|case| format!(" \"c{case}\"")).collect::<String>());
        assert_eq!([256, 257].map(|cases| shape(&many(cases)).map(|shape| shape.size)), [Ok(1), Ok(2)]);
        assert_eq!(shape("(list (tuple u8 u32))").map(|shape| shape.element_bytes), Ok(Some(8)));
    }

    #[test]
    fn what_has_no_value_or_too_large_ones_is_refused() {
        for text in ["(enum)", "(record)", "(variant)", "(tuple)"] {
            assert!(shape(text).expect_err(text).contains("has no values"), "{text}");
        }
        let mut named = HashMap::new();
        let mut last = shape("u64").expect("a number");
        for level in 0..40 {
            named.insert("t".to_owned(), Shape { text: "$t".to_owned(), ..last.clone() });
            let text = "(tuple $t $t $t $t)";
            let buffer = ParseBuffer::new(text).expect("tokens");
            match Shape::of(&parse::<ComponentValType<'_>>(&buffer).expect("a type"), &named) {
                Ok(found) => last = found,
                Err(error) => {
                    assert!(error.contains("larger than a memory") && level > 10, "{level}: {error}");
                    return;
                }
            }
        }
        panic!("a value has {} bytes", last.size);
    }
}
