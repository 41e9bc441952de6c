//! An engine that counts operators by itself: one unit of fuel for each, and one for each function that is
//! entered. It is wasmtime's own count, made without the meter.

use std::sync::LazyLock;

use serde_json::Value;
use wasmtime::{Config, OperatorCost};
use weft_link::{Engine, Limits, Setting};

/// The engine.
pub static FUELLED: LazyLock<Engine> = LazyLock::new(|| {
    let setting = Setting::of_host("wasmtime+fuel").expect("a setting");
    let counting = |config: &mut Config| {
        config.operator_cost(one_each());
    };
    Engine::configured(setting, Limits::default(), counting).expect("wasmtime supports this machine")
});

/// Every operator costs one, however many bytes it moves. (The table has a field for each operator, so it is
/// made from its serialised form.)
fn one_each() -> OperatorCost {
    let mut table = serde_json::to_value(OperatorCost::default()).expect("a table");
    for (name, cost) in table.as_object_mut().expect("a field for each operator") {
        match cost {
            Value::Object(by_size) if name == "variable" => by_size.values_mut().for_each(|cost| *cost = 0.into()),
            cost => *cost = 1.into(),
        }
    }
    serde_json::from_value(table).expect("a table")
}
