//! What a lock file says.

/// The version of a package that a lock file has: where `of` names another package, the one that this depends on.
pub fn version<'a>(lock: &'a str, package: &str, of: Option<&str>) -> Option<&'a str> {
    let table = |name: &str| lock.split("\n[[package]]\n").find(|table| field(table, "name") == Some(name));
    let Some(of) = of else { return field(table(package)?, "version") };
    let depends = table(of)?.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","));
    let depends = depends.map(|depends| depends.split_once(' ').unwrap_or((depends, "")));
    match depends.filter(|(name, _)| *name == package).map(|(_, version)| version).next()? {
        // There is one only.
        "" => field(table(package)?, "version"),
        version => Some(version),
    }
}

/// A field of a table.
fn field<'a>(table: &'a str, name: &str) -> Option<&'a str> {
    table.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \"")?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    use super::version;

    const LOCK: &str = r#"version = 4

[[package]]
name = "extism"
version = "1.41.0"
dependencies = [
 "anyhow",
 "wasmtime 49.0.5",
]

[[package]]
name = "wasmtime"
version = "48.0.8"

[[package]]
name = "wasmtime"
version = "49.0.5"

[[package]]
name = "anyhow"
version = "1.0.104"
"#;

    #[test]
    fn a_package_of_two_versions_is_that_of_who_depends_on_it() {
        assert_eq!(version(LOCK, "extism", None), Some("1.41.0"));
        assert_eq!(version(LOCK, "wasmtime", Some("extism")), Some("49.0.5"));
        assert_eq!(version(LOCK, "anyhow", Some("extism")), Some("1.0.104"));
        assert_eq!(version(LOCK, "wasmtime", Some("anyhow")), None);
        assert_eq!(version(LOCK, "unheard-of", None), None);
    }
}
