;; What the ABI has a name for has the ABI's type.
;;! about: exports what the ABI names with another type, as something else, or not at all
;;! group: without bound
;;! side: consumer
;;! each: `receive` with 64-bit parameters | receive=(func $other (export "receive_blob_peek") (param i64 i64) (result i64) (i64.const 0))
;;! each: `receive` without a result | receive=(func $other (export "receive_blob_peek") (param i32 i32))
;;! each: `receive` with three parameters | receive=(func $other (export "receive_blob_peek") (param i32 i32 i32) (result i64) (i64.const 0))
;;! each: `receive` as a global | receive=(global $number (export "receive_blob_peek") i64 (i64.const 0))
;;! each: `receive` as a memory | receive=(memory $bytes (export "receive_blob_peek") 1)
;;! each: no `receive` | receive=
;;! each: no `receive`, and names that a terminal obeys | receive=(func (export "\1b[2J\1b[31mred\07"))
(func $receive (param $ptr i32) (param $len i32) (result i64) (i64.const 0))
{receive}
