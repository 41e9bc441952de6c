//! A validator for the JSON Schemas that are made from types.

use serde_json::{Map, Value, json};

/// As much of JSON Schema 2020-12 as the generated schema uses; a keyword that it does not know is an error.
///
/// A validator from crates.io would be three dozen crates, and its features would change how every test of the workspace
/// reads its numbers (`serde_json/float_roundtrip`), and with which `serde` wasmtime is built.
pub struct Validator<'a> {
    root: &'a Value,
}

impl<'a> Validator<'a> {
    /// The validator of a schema.
    pub const fn of(root: &'a Value) -> Self {
        Self { root }
    }

    /// Whether a value is what the schema says; otherwise where it is not, from `path` on.
    pub fn validate(&self, value: &Value, path: &str) -> Result<(), String> {
        self.check(self.root, value, path)
    }

    fn check(&self, schema: &Value, value: &Value, path: &str) -> Result<(), String> {
        if *schema == json!(true) {
            return Ok(());
        }
        let keywords = schema.as_object().ok_or_else(|| format!("{path}: the schema is no object"))?;
        keywords.iter().try_for_each(|(keyword, rule)| self.keyword(keywords, (keyword, rule), value, path))
    }

    fn keyword(
        &self,
        schema: &Map<String, Value>,
        (keyword, rule): (&str, &Value),
        value: &Value,
        path: &str,
    ) -> Result<(), String> {
        let must = |holds: bool| if holds { Ok(()) } else { Err(format!("{path}: {value} breaks {keyword} {rule}")) };
        let listed = || rule.as_array().into_iter().flatten();
        match keyword {
            "$schema" | "$id" | "$defs" | "title" | "description" | "format" | "default" => Ok(()),
            "$ref" => {
                let pointer = rule.as_str().and_then(|rule| rule.strip_prefix('#')).unwrap_or("none");
                let target = self.root.pointer(pointer).ok_or_else(|| format!("{path}: there is no {rule}"))?;
                self.check(target, value, path)
            }
            "type" if rule.is_array() => must(listed().any(|kind| is(value, kind))),
            "type" => must(is(value, rule)),
            "const" => must(value == rule),
            "enum" => must(listed().any(|allowed| allowed == value)),
            "minimum" => must(value.as_f64().is_none_or(|value| Some(value) >= rule.as_f64())),
            "exclusiveMinimum" => must(value.as_f64().is_none_or(|value| Some(value) > rule.as_f64())),
            "anyOf" => must(listed().any(|schema| self.check(schema, value, path).is_ok())),
            "oneOf" => must(listed().filter(|schema| self.check(schema, value, path).is_ok()).count() == 1),
            "required" => must(listed().all(|key| value.get(key.as_str().unwrap_or_default()).is_some())),
            "minItems" => must(value.as_array().is_none_or(|items| Some(items.len() as f64) >= rule.as_f64())),
            "maxItems" => must(value.as_array().is_none_or(|items| Some(items.len() as f64) <= rule.as_f64())),
            "prefixItems" => {
                let mut items = value.as_array().into_iter().flatten().zip(listed()).enumerate();
                items.try_for_each(|(index, (item, schema))| self.check(schema, item, &format!("{path}/{index}")))
            }
            "items" => {
                let mut items = value.as_array().into_iter().flatten().enumerate();
                items.try_for_each(|(index, item)| self.check(rule, item, &format!("{path}/{index}")))
            }
            "properties" | "additionalProperties" => self.fields(schema, (keyword, rule), value, path),
            unknown => Err(format!("{path}: this validator does not know {unknown}")),
        }
    }

    fn fields(
        &self,
        schema: &Map<String, Value>,
        (keyword, rule): (&str, &Value),
        value: &Value,
        path: &str,
    ) -> Result<(), String> {
        let named = |key: &String| schema.get("properties").and_then(|properties| properties.get(key));
        value.as_object().into_iter().flatten().try_for_each(|(key, field)| {
            let rule = match (keyword, named(key)) {
                ("properties", Some(rule)) => rule,
                ("additionalProperties", None) => rule,
                _ => return Ok(()),
            };
            self.check(rule, field, &format!("{path}/{key}"))
        })
    }
}

/// Whether a value is of a type of JSON Schema.
fn is(value: &Value, kind: &Value) -> bool {
    match kind.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("string") => value.is_string(),
        Some("number") => value.is_number(),
        Some("integer") => value.as_f64().is_some_and(|value| value.fract() == 0.0),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => false,
    }
}
