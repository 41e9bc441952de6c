//! `docs/run.schema.json` is made from the types of `run.json`, and kept current by this test.

use std::path::PathBuf;
use std::{env, fs};

use serde_json::{Map, Value, json};

use super::{Record, SCHEMA_VERSION};

fn workspace(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The schema of the types, with what types do not say: the version, and that times are above 0.
fn generated() -> Value {
    let mut schema = schemars::schema_for!(Record).to_value();
    schema["$id"] = json!("https://github.com/weft-bench/weft/blob/main/docs/run.schema.json");
    schema["title"] = json!("run.json of weft");
    schema["properties"]["schema_version"] =
        json!({ "description": "The version of this schema.", "const": SCHEMA_VERSION });
    for pointer in [
        "/$defs/Latency/properties/median",
        "/$defs/Latency/properties/low",
        "/$defs/Latency/properties/high",
        "/$defs/CellRecord/properties/pair_medians_ns/items",
        "/$defs/Drift/properties/medians_ns/items",
    ] {
        schema.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"))["exclusiveMinimum"] = json!(0);
    }
    schema
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let path = workspace("docs/run.schema.json");
    let schema = generated();
    if env::var_os("WEFT_UPDATE").is_some() {
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        fs::write(&path, text).expect("docs/run.schema.json");
    }
    let published = fs::read_to_string(path).unwrap_or_default();
    let current = serde_json::from_str::<Value>(&published).is_ok_and(|published| published == schema);
    assert!(current, "not current; run: WEFT_UPDATE=1 cargo test -p weft --lib schema");
}

#[test]
fn the_reference_run_is_valid() {
    let text = fs::read_to_string(workspace("results/reference/run.json")).expect("the reference run");
    let run: Value = serde_json::from_str(&text).expect("JSON");
    let schema = generated();
    assert_eq!(Validator { root: &schema }.validate(&schema, &run, "run"), Ok(()));
}

#[test]
fn what_cannot_be_read_is_invalid() {
    let text = fs::read_to_string(workspace("results/reference/run.json")).expect("the reference run");
    let run: Value = serde_json::from_str(&text).expect("JSON");
    let schema = generated();
    let broken = [
        ("/schema_version", json!(99)),
        ("/complete", json!("yes")),
        ("/cells/3/latency_ns/median", json!(0.0)),
        ("/cells/3/latency_ns/low", Value::Null),
        ("/cells/3/status", json!("fine")),
        ("/cells/3/crossings", json!({ "host_to_wasm": -1, "wasm_to_host": 0, "wasm_to_wasm": 0 })),
        ("/environment/codecs/null/traits/role", json!("ceiling")),
        ("/environment/codecs/null/producer", json!({ "sha256": "x" })),
        ("/boundary/compile", json!([])),
    ];
    for (pointer, value) in broken {
        let mut run = run.clone();
        *run.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        assert!(Validator { root: &schema }.validate(&schema, &run, "run").is_err(), "{pointer} went through");
    }
}

/// As much of JSON Schema 2020-12 as the generated schema uses; a keyword that it does not know is an error.
///
/// A validator from crates.io would be three dozen crates, and its features would change how every test of the workspace
/// reads its numbers (`serde_json/float_roundtrip`), and with which `serde` wasmtime is built.
struct Validator<'a> {
    root: &'a Value,
}

impl Validator<'_> {
    fn validate(&self, schema: &Value, value: &Value, path: &str) -> Result<(), String> {
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
            "$schema" | "$id" | "$defs" | "title" | "description" | "format" => Ok(()),
            "$ref" => {
                let pointer = rule.as_str().and_then(|rule| rule.strip_prefix('#')).unwrap_or("none");
                let target = self.root.pointer(pointer).ok_or_else(|| format!("{path}: there is no {rule}"))?;
                self.validate(target, value, path)
            }
            "type" if rule.is_array() => must(listed().any(|kind| is(value, kind))),
            "type" => must(is(value, rule)),
            "const" => must(value == rule),
            "enum" => must(listed().any(|allowed| allowed == value)),
            "minimum" => must(value.as_f64().is_none_or(|value| Some(value) >= rule.as_f64())),
            "exclusiveMinimum" => must(value.as_f64().is_none_or(|value| Some(value) > rule.as_f64())),
            "anyOf" => must(listed().any(|schema| self.validate(schema, value, path).is_ok())),
            "oneOf" => must(listed().filter(|schema| self.validate(schema, value, path).is_ok()).count() == 1),
            "required" => must(listed().all(|key| value.get(key.as_str().unwrap_or_default()).is_some())),
            "items" => {
                let mut items = value.as_array().into_iter().flatten().enumerate();
                items.try_for_each(|(index, item)| self.validate(rule, item, &format!("{path}/{index}")))
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
            self.validate(rule, field, &format!("{path}/{key}"))
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
