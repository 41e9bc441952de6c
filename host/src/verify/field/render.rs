//! Contents of fields as a person reads them.

use weft_schemas::tree::Tree;

/// The characters that are shown of a text, and the bytes of a byte string.
const SHOWN: usize = 60;

/// What stands at a place, in a few words.
pub fn content(tree: &Tree) -> String {
    match tree {
        Tree::Integer(number) => i128::from(*number).to_string(),
        Tree::Float(number) => float(*number),
        Tree::Text(text) => quoted(text),
        Tree::Bytes(bytes) => of_bytes(bytes),
        Tree::Bool(value) => value.to_string(),
        Tree::Null => "nothing".to_owned(),
        Tree::Array(elements) => format!("a list of {}", elements.len()),
        Tree::Map(fields) => format!("{} fields", fields.len()),
        other => format!("{other:?}"),
    }
}

/// A number so that no bit is lost.
fn float(number: f64) -> String {
    format!("{number:?}")
}

/// A text in quotes, cut where it is long.
pub fn quoted(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}… ({} bytes)", text.get(..end).unwrap_or_default(), text.len()),
    }
}

/// A byte string: text where it is one.
pub fn of_bytes(bytes: &[u8]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    match bytes.get(..SHOWN / 3) {
        Some(head) => format!("{}… ({} bytes)", hex(head), bytes.len()),
        None => format!("[{}] ({} bytes)", hex(bytes), bytes.len()),
    }
}

/// A number that was taken from a word of a digest, as what it stands for is shown.
pub fn number(bits: u64, width: u32, like: &Tree) -> String {
    let signed = |bits: u64| ((bits << (64 - width)) as i64) >> (64 - width);
    match like {
        Tree::Float(_) if width <= 32 => float(f32::from_bits(bits as u32).into()),
        Tree::Float(_) => float(f64::from_bits(bits)),
        Tree::Integer(number) if i128::from(*number) < 0 => signed(bits).to_string(),
        Tree::Integer(_) => bits.to_string(),
        Tree::Bool(_) if bits < 2 => (bits == 1).to_string(),
        _ => format!("number {bits}"),
    }
}

/// The byte string of `len` bytes whose words are these, as far as they go: the digest takes a text in words of eight bytes, of which the
/// last overlaps the one before it.
pub fn bytes_of(len: u64, words: &[u64]) -> Option<Vec<u8>> {
    let len = usize::try_from(len).ok().filter(|len| *len <= 8 * words.len())?;
    let whole: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let [a, b, c, d, e, f, g, h] = words.first().copied().unwrap_or_default().to_le_bytes();
    Some(match len {
        0 => Vec::new(),
        1 => vec![a],
        2 => vec![a, c],
        3 => vec![a, b, c],
        4..8 => [[a, b, c, d].as_slice(), [e, f, g, h].get(8 - len..).unwrap_or_default()].concat(),
        _ => {
            let last = words.get(len.div_ceil(8) - 1)?.to_le_bytes();
            let mut bytes = whole.get(..len / 8 * 8)?.to_vec();
            bytes.extend_from_slice(last.get(8 - len % 8..).unwrap_or_default());
            bytes
        }
    })
}

#[cfg(test)]
mod tests {
    use weft_schemas::Digest;
    use weft_schemas::trace::recorded;

    use super::*;

    #[test]
    fn texts_come_back_from_what_a_digest_took() {
        for len in 0..70 {
            let bytes: Vec<u8> = (0..len).map(|byte| byte * 3 + 1).collect();
            let mut digest = Digest::new();
            let (_, words) = recorded(|| {
                digest.bytes(&bytes);
            });
            let (first, rest) = words.split_first().expect("a length");
            assert_eq!(bytes_of(*first, rest), Some(bytes), "{len}");
        }
        assert_eq!(bytes_of(9, &[0]), None);
    }

    #[test]
    fn numbers_are_shown_as_what_they_stand_for() {
        let negative = Tree::Integer((-5).into());
        assert_eq!(number(0xFFFE, 16, &negative), "-2");
        assert_eq!(number(0xFFFE, 16, &Tree::Integer(5.into())), "65534");
        assert_eq!(number(u64::from(1.5_f32.to_bits()), 32, &Tree::Float(0.0)), "1.5");
        assert_eq!(content(&Tree::Float(-0.0)), "-0.0");
        assert!(quoted(&"x".repeat(100)).ends_with("… (100 bytes)"));
    }
}
