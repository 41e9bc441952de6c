//! How long functions are: those of items, traits and implementations, functions in functions, and those that a macro is
//! given or makes.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::sources::{Finding, Source};

/// A function.
#[derive(Debug, PartialEq, Eq)]
struct Function {
    name: String,
    /// The line of `fn`.
    line: usize,
    /// How many lines there are from `fn` to the closing brace.
    lines: usize,
}

/// The functions of a file that have more than `lines` lines.
pub fn longer_than(lines: usize, source: &Source) -> Vec<Finding> {
    let long = functions(&source.syntax).into_iter().filter(|function| function.lines > lines);
    long.map(|Function { name, line, lines }| source.finding(line, format!("`{name}` has {lines} lines"))).collect()
}

fn functions(syntax: &syn::File) -> Vec<Function> {
    let mut functions = Functions::default();
    functions.visit_file(syntax);
    functions.0
}

#[derive(Default)]
struct Functions(Vec<Function>);

impl Functions {
    fn add(&mut self, name: String, start: Span, end: Span) {
        let line = start.start().line;
        self.0.push(Function { name, line, lines: end.end().line - line + 1 });
    }

    fn add_parsed(&mut self, signature: &syn::Signature, block: &syn::Block) {
        self.add(signature.ident.to_string(), signature.fn_token.span, block.brace_token.span.close());
    }

    /// The functions among the tokens of a macro: `fn`, a name, and braces before the next semicolon.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                TokenTree::Ident(word) if *word == "fn" => {
                    let after = &trees[at + 1..];
                    if let (Some(name), Some(end)) = (name(after), body(after)) {
                        self.add(name.to_string(), word.span(), end);
                    }
                }
                _ => {}
            }
        }
    }
}

/// The name after `fn`; none for the type of a function. A macro's own variable is a name as well.
fn name(after: &[TokenTree]) -> Option<&Ident> {
    match after {
        [TokenTree::Ident(name), ..] => Some(name),
        [TokenTree::Punct(dollar), TokenTree::Ident(name), ..] if dollar.as_char() == '$' => Some(name),
        _ => None,
    }
}

/// The closing brace of the first braces; none where the function has no body.
fn body(after: &[TokenTree]) -> Option<Span> {
    let mut before = after.iter().take_while(|tree| !matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ';'));
    before.find_map(|tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.span_close()),
        _ => None,
    })
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add_parsed(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add_parsed(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add_parsed(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.add_tokens(called.tokens.clone());
    }
}

/// Name, line and length of the functions of a text.
#[cfg(test)]
fn found(text: &str) -> Vec<(String, usize, usize)> {
    let functions = functions(&Source::new("a.rs", text).syntax);
    functions.into_iter().map(|Function { name, line, lines }| (name, line, lines)).collect()
}

#[test]
fn every_kind_of_function_is_counted() {
    let text = "
        /// Not counted.
        #[inline]
        pub fn item(
            x: u8,
        ) -> u8 {
            fn inner() {
            }
            x
        }
        impl A {
            const fn method() { b() }
        }
        trait B {
            fn declared();
            fn with_body() {
            }
        }
        mod c {
            async fn in_module() {}
        }";
    let expected = [("item", 4, 7), ("inner", 7, 2), ("method", 12, 1), ("with_body", 16, 2), ("in_module", 20, 1)];
    assert_eq!(found(text), expected.map(|(name, line, lines)| (name.to_owned(), line, lines)));
}

#[test]
fn functions_in_macros_are_counted() {
    let text = "
        proptest! {
            #[test]
            fn given(x in 0..9) {
                assert!(x < 9);
            }
        }
        macro_rules! make {
            ($name:ident) => {
                fn $name(call: fn(u8) -> u8) -> u8 {
                    call(1)
                }
                fn declared();
                struct S {
                    field: fn(),
                }
            };
        }";
    let expected = [("given", 4, 3), ("name", 10, 3)];
    assert_eq!(found(text), expected.map(|(name, line, lines)| (name.to_owned(), line, lines)));
}

#[test]
fn only_functions_above_the_limit_are_found() {
    let source = Source::new("a.rs", "fn two() {\n}\nfn three() {\n\n}");
    assert_eq!(longer_than(2, &source), [source.finding(3, "`three` has 3 lines".into())]);
    assert!(longer_than(3, &source).is_empty());
}
