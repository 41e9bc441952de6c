//! The paths that a source file mentions: in `use` items, in code and types, and among the tokens of macros and
//! attributes. Paths in comments and in strings are none.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::UseTree;
use syn::ext::IdentExt as _;
use syn::visit::{self, Visit};

use super::sources::Source;

/// A path that a file mentions. `self::` and `super::` are resolved: it begins with `crate` or another name.
#[derive(Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands.
    pub line: usize,
    /// Its names; the last is `*` where all is imported.
    pub names: Vec<String>,
}

/// The paths that a file mentions. `module` is the module that the file is, from the crate's root. Paths of one name are
/// left out, but for those that are imported.
pub fn mentions(module: &[&str], source: &Source) -> Vec<Mention> {
    let module = module.iter().map(|&name| name.to_owned()).collect();
    let mut mentions = Mentions { module, found: Vec::new() };
    mentions.visit_file(&source.syntax);
    mentions.found
}

struct Mentions {
    /// The module that is being read.
    module: Vec<String>,
    found: Vec<Mention>,
}

impl Mentions {
    fn add(&mut self, at: Span, names: &[String]) {
        let ups = names.iter().take_while(|name| *name == "super" || *name == "self").count();
        let supers = names[..ups].iter().filter(|name| *name == "super").count();
        let names = if ups == 0 {
            names.to_vec()
        } else {
            let above = &self.module[..self.module.len().saturating_sub(supers)];
            [&["crate".to_owned()], above, &names[ups..]].concat()
        };
        self.found.push(Mention { line: at.start().line, names });
    }

    fn add_imports(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(path) => self.add_imports(&with(path.ident.unraw().to_string()), &path.tree),
            UseTree::Name(syn::UseName { ident }) | UseTree::Rename(syn::UseRename { ident, .. }) => {
                // `use a::{self}` is `use a`.
                let names =
                    if ident == "self" && !before.is_empty() { before } else { &with(ident.unraw().to_string()) };
                self.add(ident.span(), names);
            }
            UseTree::Glob(glob) => self.add(glob.star_token.span, &with("*".to_owned())),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.add_imports(before, item)),
        }
    }

    fn add_tokens(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut left = trees.as_slice();
        while let [tree, rest @ ..] = left {
            left = rest;
            match tree {
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let (names, rest) = path(first, rest);
                    if names.len() > 1 {
                        self.add(first.span(), &names);
                    }
                    left = rest;
                }
                _ => {}
            }
        }
    }
}

/// The names of the path that begins with `first`, and what follows it.
fn path<'t>(first: &proc_macro2::Ident, mut rest: &'t [TokenTree]) -> (Vec<String>, &'t [TokenTree]) {
    let mut names = vec![first.unraw().to_string()];
    while let [TokenTree::Punct(one), TokenTree::Punct(two), TokenTree::Ident(next), after @ ..] = rest
        && (one.as_char(), two.as_char()) == (':', ':')
    {
        names.push(next.unraw().to_string());
        rest = after;
    }
    (names, rest)
}

impl<'ast> Visit<'ast> for Mentions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.unraw().to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_imports(&[], &item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        self.add(item.ident.span(), &[item.ident.unraw().to_string()]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect();
            self.add(path.segments[0].ident.span(), &names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.visit_path(&called.path);
        self.add_tokens(called.tokens.clone());
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.visit_path(&list.path);
        self.add_tokens(list.tokens.clone());
    }
}

/// Line and path of what a text mentions, as the module `a::b`.
#[cfg(test)]
fn found(text: &str) -> Vec<(usize, String)> {
    let mentions = mentions(&["a", "b"], &Source::new("a/b.rs", text));
    mentions.into_iter().map(|mention| (mention.line, mention.names.join("::"))).collect()
}

#[cfg(test)]
fn expect(text: &str, expected: &[(usize, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(line, path)| (*line, (*path).to_owned())).collect();
    assert_eq!(found(text), expected, "{text}");
}

#[test]
fn imports_are_taken_apart() {
    expect("use crate::x::{self, y as z,\n w::*};", &[(1, "crate::x"), (1, "crate::x::y"), (2, "crate::x::w::*")]);
    expect("use {crate::x, std::fs};\nuse c;", &[(1, "crate::x"), (1, "std::fs"), (2, "c")]);
    expect("extern crate c as d;", &[(1, "c")]);
    expect("fn f() {\nuse crate::x;\n}", &[(2, "crate::x")]);
}

#[test]
fn paths_are_found_in_code_types_and_attributes() {
    let text =
        "#[arg(default = crate::x::D)]\nstruct S(Vec<crate::y::T>);\nfn f() {\nlet v = self;\ncrate::z::<w::W>(v)\n}";
    expect(text, &[(1, "crate::x::D"), (2, "crate::y::T"), (5, "crate::z"), (5, "w::W")]);
    expect("pub(crate) fn f() {}\npub(in crate::a) fn g() {}", &[(2, "crate::a")]);
}

#[test]
fn paths_are_found_in_macros() {
    expect("fn f() {\nvec![crate::x::y(),\n [c::d]]; }", &[(2, "crate::x::y"), (3, "c::d")]);
    expect("macro_rules! m { () => { $crate::x::y!(a: b) }; }", &[(1, "crate::x::y")]);
    expect("crate::x::m! {}", &[(1, "crate::x::m")]);
}

#[test]
fn paths_from_here_are_resolved() {
    expect(
        "use super::x;\nuse self::y;\nuse super::super::z;",
        &[(1, "crate::a::x"), (2, "crate::a::b::y"), (3, "crate::z")],
    );
    expect("mod tests { use super::*; use super::super::x; }", &[(1, "crate::a::b::*"), (1, "crate::a::x")]);
    expect("mod c { mod d {} use super::x; }\nuse super::y;", &[(1, "crate::a::b::x"), (2, "crate::a::y")]);
    expect("fn f() { super::x(self::y) }", &[(1, "crate::a::x"), (1, "crate::a::b::y")]);
    expect("fn f() { g!(super::x) }", &[(1, "crate::a::x")]);
}

#[test]
fn comments_and_strings_mention_nothing() {
    expect("//! [`crate::x`]\n/// crate::x\nfn f() { g(\"crate::x\") }", &[]);
}
