//! A page in Chromium, and the values in its tables.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use regex::Regex;

use crate::support::browser::{self, Dump, chromium_or_skip};

/// A page on disk.
pub struct Page {
    chromium: PathBuf,
    directory: tempfile::TempDir,
}

impl Page {
    /// None where there is no Chromium and there need not be.
    pub fn of(html: &str) -> Option<Self> {
        let chromium = chromium_or_skip()?;
        let page = Self { chromium, directory: tempfile::tempdir().expect("a directory") };
        fs::write(page.path(), html).expect("a page");
        Some(page)
    }

    /// Where it lies.
    pub fn path(&self) -> PathBuf {
        self.directory.path().join("page.html")
    }

    /// The page at a fragment; it must not have failed.
    pub fn at(&self, fragment: &str) -> String {
        let Dump { dom, console } = browser::open(&self.chromium, &self.path(), fragment);
        assert!(console.is_empty(), "at #{fragment}: {console:?}");
        assert!(!root(&dom).contains("data-errors"), "at #{fragment}: {}", root(&dom));
        assert!(root(&dom).contains("data-drawn-ms"), "at #{fragment}, not all was drawn: {}", root(&dom));
        let shown = without_data(&dom);
        for broken in ["NaN", "undefined", "Infinity", "[object Object]", "class=\"pending\""] {
            assert!(!shown.contains(broken), "at #{fragment} the page has `{broken}`");
        }
        dom
    }

    /// The page after a script that does what a reader does.
    pub fn driven(&self, actions: &str) -> String {
        let html = fs::read_to_string(self.path()).expect("the page");
        let script = format!("<script>{actions}</script></body>");
        fs::write(self.path(), html.replace("</body>", &script)).expect("the page");
        let dom = self.at("");
        fs::write(self.path(), html).expect("the page");
        dom
    }
}

/// The opening tag of the document.
pub fn root(dom: &str) -> &str {
    let start = dom.find("<html").expect("a document");
    dom[start..].split('>').next().expect("a tag")
}

/// The page without its script and data.
pub fn without_data(dom: &str) -> String {
    Regex::new("(?s)<script.*?</script>").expect("a pattern").replace_all(dom, "").into_owned()
}

/// The rows of a table: the values of their cells.
pub fn rows(dom: &str, table: &str) -> Vec<Vec<String>> {
    let from = dom.find(&format!("<table id=\"rows-{table}\"")).unwrap_or_else(|| panic!("a table {table}"));
    let body = dom[from..].split("</table>").next().and_then(|table| table.split("<tbody>").nth(1)).expect("a body");
    let value = Regex::new("<t[hd]( [^>]*)?>").expect("a pattern");
    let data = Regex::new("data-value=\"([^\"]*)\"").expect("a pattern");
    let of_row = |row: &str| {
        let cells = value.find_iter(row);
        cells.map(|cell| data.captures(cell.as_str()).map_or_else(String::new, |found| found[1].to_owned())).collect()
    };
    body.split("<tr>").skip(1).map(of_row).collect()
}

/// The places of a table's columns by their keys.
pub fn columns(dom: &str, table: &str) -> BTreeMap<String, usize> {
    let from = dom.find(&format!("<table id=\"rows-{table}\"")).unwrap_or_else(|| panic!("a table {table}"));
    let head = dom[from..].split("</thead>").next().expect("a head");
    let key = Regex::new("data-key=\"([^\"]*)\"").expect("a pattern");
    key.captures_iter(head).enumerate().map(|(place, found)| (found[1].to_owned(), place)).collect()
}

/// The values of one column.
pub fn column(dom: &str, table: &str, key: &str) -> Vec<String> {
    let place = columns(dom, table)[key];
    rows(dom, table).into_iter().map(|row| row[place].clone()).collect()
}

/// What some values are, each once.
pub fn set(values: &[String]) -> BTreeSet<String> {
    values.iter().cloned().collect()
}

/// What any page must be: its ids are unique, its links lead somewhere, its charts have tables with rows.
pub fn is_sound(page: &Page) {
    let dom = page.at("");
    let shown = without_data(&dom);
    let all = |pattern: &str| -> Vec<String> {
        let pattern = Regex::new(pattern).expect("a pattern");
        pattern.captures_iter(&shown).map(|found| found[1].to_owned()).collect()
    };
    let ids = all("<[^>]* id=\"([^\"]*)\"");
    assert_eq!(set(&ids).len(), ids.len(), "an id is there twice: {ids:?}");
    let links = all("href=\"([^\"]*)\"");
    assert!(links.len() > 5, "{links:?}");
    for link in links {
        let fragment = link.strip_prefix('#').unwrap_or_else(|| panic!("{link} leads out of the page"));
        let target =
            fragment.split('&').find_map(|part| part.replace("amp;", "").strip_prefix("at=").map(str::to_owned));
        assert!(target.is_none_or(|target| ids.contains(&target)), "{link} leads nowhere");
    }
    for label in all("aria-labelledby=\"([^\"]*)\"") {
        assert!(ids.contains(&label), "{label} labels nothing");
    }
    let tables = all("<details id=\"table-([^\"]*)\"");
    let opened = page.at(&format!("open={}", tables.join(",")));
    for section in opened.split("<section ").skip(1) {
        let section = section.split("</section>").next().expect("an end");
        let charts = section.matches("<svg viewBox").count() + section.matches("class=\"heatmap\"").count();
        if charts > 0 {
            let behind = section.split("<details").nth(1).or_else(|| section.split("<table").nth(1));
            let behind = behind.unwrap_or_else(|| panic!("no table behind {section:.60}"));
            assert!(behind.contains("<tbody><tr>") && behind.contains("data-value"), "nothing in {behind:.200}");
        }
    }
}
