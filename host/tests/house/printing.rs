//! Macros that print, and panic where nobody reads any more. Tests may use them.

use syn::visit::{self, Visit};

use super::sources::{Finding, Source};

const MACROS: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];

/// Where a file prints with a macro, outside its tests.
pub fn macros(source: &Source) -> Vec<Finding> {
    let mut printing = Printing::default();
    printing.visit_file(&source.syntax);
    let what = |name: String| format!("`{name}!` panics where its output is closed; use `weft::print`");
    printing.0.into_iter().map(|(line, name)| source.finding(line, what(name))).collect()
}

#[derive(Default)]
struct Printing(Vec<(usize, String)>);

/// Whether something is there for tests alone: `#[test]`, `#[cfg(test)]`.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let given = || attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"));
        attribute.path().is_ident("test") || attribute.path().is_ident("cfg") && given()
    })
}

impl<'ast> Visit<'ast> for Printing {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        let name = called.path.segments.last().map(|segment| &segment.ident);
        if let Some(name) = name.filter(|name| MACROS.contains(&name.to_string().as_str())) {
            self.0.push((name.span().start().line, name.to_string()));
        }
        visit::visit_macro(self, called);
    }
}

#[test]
fn printing_is_found_but_in_tests() {
    let text = "fn f() {\nprintln!(\"x\");\nif a { std::eprint!(\"y\") }\nwriteln!(z);\n}\n\
        #[cfg(test)]\nmod tests { fn g() { println!() } }\n#[test]\nfn h() { println!() }\n#[cfg(unix)]\nfn i() { dbg!(1) }";
    let found: Vec<_> = macros(&Source::new("a.rs", text)).iter().map(Finding::to_string).collect();
    let rule = "panics where its output is closed; use `weft::print`";
    let expected = [(2, "println"), (3, "eprint"), (11, "dbg")];
    assert_eq!(found, expected.map(|(line, name)| format!("a.rs:{line}: `{name}!` {rule}")));
}
