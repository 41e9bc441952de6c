//! A module that has every kind of section.

/// The module around a function `f`, which may use `$twice` of the type `$t`, the globals `$base` and `$count`, the table `$u` that holds
/// `$twice`, and the segment `$passive`.
pub fn with_every_section(f: &str) -> String {
    format!(
        r#"(module
  (type $t (func (param i32) (result i32)))
  (import "env" "memory" (memory 1 4))
  (import "env" "base" (global $base i32))
  (import "env" "host" (func $host))
  (func $start (i32.store (i32.const 100) (i32.const 42)))
  (func $twice (type $t) (i32.mul (local.get 0) (i32.const 2)))
  (func $alloc (export "weft_alloc") (param i32 i32) (result i32) (i32.const 1024))
  {f}
  (table $u 3 funcref)
  (table 1 funcref)
  (global $count (mut i64) (i64.const 7))
  (global (export "pi") f64 (f64.const 3.14))
  (export "count" (global $count))
  (export "mem" (memory 0))
  (start $start)
  (elem (table $u) (i32.const 0) func $twice)
  (elem declare func $start)
  (data (i32.const 200) "\01\00\00\00")
  (data $passive "\05\06\07\08")
  (@custom "other" "bytes"))"#
    )
}
