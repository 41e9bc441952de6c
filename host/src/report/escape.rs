//! Texts of a run in Markdown: they may be anything, and stay text.

/// A text of a run, within a sentence or a table.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let is_in_a_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    let (mut before, mut rest) = (None, text.chars().peekable());
    while let Some(character) = rest.next() {
        match character {
            // Within a word it means nothing.
            '_' if is_in_a_word(before) && is_in_a_word(rest.peek().copied()) => escaped.push('_'),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' => escaped.extend(['\\', character]),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
        before = Some(character);
    }
    escaped
}

/// The same between two backticks, where only another backtick means something.
pub fn in_code(text: &str) -> String {
    text.chars().map(|c| if c == '`' { '\'' } else { c }).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The same where the backticks stand in a table, whose cells end at a bar even there.
pub fn in_table_code(text: &str) -> String {
    in_code(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::{escaped, in_code, in_table_code};

    #[test]
    fn what_is_text_stays_text() {
        assert_eq!(escaped("<img src=x> a|b `c` &\n[d_e _f_]"), r"&lt;img src=x> a\|b \`c\` &amp; \[d_e \_f\_\]");
        assert_eq!(in_code("a`<b>|`\u{1b}[2J"), "a'<b>|' [2J");
        assert_eq!(in_table_code("a|`b"), "a\\|'b");
    }
}
