//! WebAssembly text as a list of forms, and guests that are put together of two such lists.

/// What a form stands for: its kind, such as `func`, and its name. A form of the same key takes its place.
type Key<'a> = (&'a str, &'a str);

/// A piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    /// A word, or a string with its quotes.
    Word(&'a str),
}

/// The guest that an honest one becomes when the forms of an attack take the place of those of the same kind and name, and the others are
/// added. An attack that is a whole module or component is the guest itself.
///
/// # Errors
/// Where parentheses or strings do not end.
pub fn assemble(honest: &str, attack: &str) -> Result<String, String> {
    let ours = forms(attack)?;
    if ours.iter().any(|form| matches!(kind(form), "module" | "component")) {
        return Ok(attack.to_owned());
    }
    let theirs = forms(honest)?;
    let replaces = |key: Option<Key<'_>>, form: &&&str| key.is_some() && key == self::key(form);
    let mut all: Vec<&str> = Vec::new();
    for form in &theirs {
        let replaced = ours.iter().find(|ours| replaces(self::key(form), ours));
        all.push(replaced.unwrap_or(form));
    }
    all.extend(ours.iter().filter(|ours| !theirs.iter().any(|form| replaces(self::key(form), ours))));
    // Imports come first in a module.
    all.sort_by_key(|form| kind(form) != "import");
    Ok(format!("(module\n{}\n)\n", all.join("\n")))
}

/// The forms that stand side by side in a text.
///
/// # Errors
/// Where parentheses or strings do not end.
pub fn forms(text: &str) -> Result<Vec<&str>, String> {
    let (mut forms, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, token) in tokens(text)? {
        match token {
            Token::Open => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            Token::Close => {
                depth = depth.checked_sub(1).ok_or_else(|| wrong(text, at, "a `)` too many"))?;
                if depth == 0 {
                    forms.extend(text.get(start..=at));
                }
            }
            Token::Word(word) if depth == 0 => return Err(wrong(text, at, &format!("`{word}` stands outside a form"))),
            Token::Word(_) => {}
        }
    }
    if depth > 0 { Err(wrong(text, start, "a `(` without its `)`")) } else { Ok(forms) }
}

/// What is wrong, and in which line.
fn wrong(text: &str, at: usize, what: &str) -> String {
    let line = text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1;
    format!("line {line}: {what}")
}

/// The tokens of a text, and where each begins. Comments are none.
fn tokens(text: &str) -> Result<Vec<(usize, Token<'_>)>, String> {
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let len = if rest.starts_with(";;") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("(;") {
            comment(rest).ok_or_else(|| wrong(text, at, "a comment that does not end"))?
        } else if rest.starts_with('"') {
            string(rest).ok_or_else(|| wrong(text, at, "a string that does not end"))?
        } else {
            rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | ';')).unwrap_or(rest.len()).max(1)
        };
        // Only a character of one byte ends a word, so that this is never within one.
        let token = rest.get(..len).unwrap_or_default();
        match token {
            "(" => tokens.push((at, Token::Open)),
            ")" => tokens.push((at, Token::Close)),
            _ if token.starts_with([';', '(']) || token.trim().is_empty() => {}
            word => tokens.push((at, Token::Word(word))),
        }
        at += len;
    }
    Ok(tokens)
}

/// The length of a comment between `(;` and `;)`, which may have others in it.
fn comment(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at..at + 2)? {
            b"(;" => depth += 1,
            b";)" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The length of a string with its quotes.
fn string(text: &str) -> Option<usize> {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some(end + 2)
}

/// The first word of a form.
fn kind(form: &str) -> &str {
    words(form).first().copied().unwrap_or_default()
}

/// The words of a form, up to its seventh token.
fn words(form: &str) -> Vec<&str> {
    let tokens = tokens(form).unwrap_or_default();
    let words = tokens.into_iter().take(7).filter_map(|(_, token)| match token {
        Token::Word(word) => Some(word),
        Token::Open | Token::Close => None,
    });
    words.collect()
}

/// The key of a form; none where it has no name. Of an import it is that of what is imported.
fn key(form: &str) -> Option<Key<'_>> {
    match words(form).as_slice() {
        ["start", ..] => Some(("start", "")),
        ["@custom", name, ..] => Some(("@custom", name)),
        ["import", _, _, kind, name, ..] if name.starts_with('$') => Some((kind, name)),
        [kind, name, ..] if name.starts_with('$') => Some((kind, name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{assemble, forms, key};

    #[test]
    fn comments_and_strings_are_no_parentheses() {
        let text = "(func $a) ;; (\n(; ( (; ) ;) ;) (data \"(\\\"(\\\\\") (global $ä i32 (i32.const 1))";
        assert_eq!(forms(text), Ok(vec!["(func $a)", "(data \"(\\\"(\\\\\")", "(global $ä i32 (i32.const 1))"]));
    }

    #[test]
    fn what_does_not_end_is_named_with_its_line() {
        for (text, why) in [
            ("(func", "line 1: a `(` without"),
            ("\n(func))", "line 2: a `)` too many"),
            ("\n\n(data \"x)", "line 3: a string"),
            ("(; x", "line 1: a comment"),
            ("func", "line 1: `func` stands outside"),
        ] {
            assert!(forms(text).is_err_and(|error| error.starts_with(why)), "{text}");
        }
    }

    #[test]
    fn names_are_those_of_what_is_defined() {
        assert_eq!(key("(func $a (call $b))"), Some(("func", "$a")));
        assert_eq!(key("(func (export \"x\") (call $b))"), None);
        assert_eq!(key("(import \"weft\" \"send\" (func $send (param i32)))"), Some(("func", "$send")));
        assert_eq!(key("(import \"env\" \"x\" (func (param i32)))"), None);
        assert_eq!(key("(@custom \"weft.types\" \"x\")"), Some(("@custom", "\"weft.types\"")));
        assert_eq!(key("(start $a)"), Some(("start", "")));
    }

    #[test]
    fn forms_of_an_attack_take_the_place_of_honest_ones() {
        let honest = "(import \"a\" \"b\" (func $f)) (func $g) (start $g) (func $h)";
        let attack = ";; bad\n(func $g unreachable) (func (export \"k\")) (import \"c\" \"d\" (func))";
        let expected = "(module\n(import \"a\" \"b\" (func $f))\n(import \"c\" \"d\" (func))\n(func $g unreachable)\n\
            (start $g)\n(func $h)\n(func (export \"k\"))\n)\n";
        assert_eq!(assemble(honest, attack), Ok(expected.to_owned()));
        let whole = ";; x\n(module (func))";
        assert_eq!(assemble(honest, whole), Ok(whole.to_owned()));
    }
}
