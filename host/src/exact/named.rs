//! Exact figures by name, however they are nested: what is added to them later is compared without being told.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::Exact;

/// Figures by their names, which are their paths: `bytes_written.heap`. One that is not known is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Named(BTreeMap<String, Option<f64>>);

impl Named {
    /// The figures of a value: its numbers, and the null where there should be one.
    pub fn of(value: &impl Serialize) -> Self {
        let mut named = Self::default();
        named.collect(&serde_json::to_value(value).unwrap_or_default(), String::new());
        named
    }

    /// Those of what two sides' guests do. By places only where both are known: none that are known are not none.
    pub fn of_both(old: &Exact, new: &Exact) -> (Self, Self) {
        let (mut old, mut new) = (old.clone(), new.clone());
        if old.payload_found_in.is_none() || new.payload_found_in.is_none() {
            (old.payload_found_in, new.payload_found_in) = (None, None);
        }
        (Self::of(&old), Self::of(&new))
    }

    /// Each figure that either has: its name, what it was and what it is in `new`. One that only the other has is
    /// 0: places where nothing was found are left out.
    pub fn against<'a>(&'a self, new: &'a Self) -> impl Iterator<Item = (&'a str, Option<f64>, Option<f64>)> {
        let names: BTreeSet<&str> = self.0.keys().chain(new.0.keys()).map(String::as_str).collect();
        let value = |named: &Self, name| named.0.get(name).copied().unwrap_or(Some(0.0));
        names.into_iter().map(move |name| (name, value(self, name), value(new, name)))
    }

    fn collect(&mut self, value: &Value, path: String) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    self.collect(value, path);
                }
            }
            Value::Number(number) => drop(self.0.insert(path, number.as_f64())),
            // By places there are none then; the sum says that.
            Value::Null if path != "copies_unknown" && path != "payload_found_in" => drop(self.0.insert(path, None)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Named;

    #[test]
    fn figures_are_compared_wherever_they_are() {
        let old = Named::of(&json!({"a": {"b": 1, "gone": 2}, "c": null, "words": "x", "payload_found_in": null}));
        let new = Named::of(&json!({"a": {"b": 1.5}, "c": 3, "new": 4, "copies_unknown": null}));
        let found: Vec<_> = old.against(&new).collect();
        let expected = [
            ("a.b", Some(1.0), Some(1.5)),
            ("a.gone", Some(2.0), Some(0.0)),
            ("c", None, Some(3.0)),
            ("new", Some(0.0), Some(4.0)),
        ];
        assert_eq!(found, expected);
    }
}
