;; A consumer imports its memory and nothing else, so that a `receive` can call nobody but itself: no `send`, no host, no producer.
;;! about: imports what a consumer must not have: `send`, the producer's functions, a table, a host's function
;;! group: calls that go back
;;! side: consumer
;;! each: `send` | import=(import "weft" "send" (func $back (param i32 i32) (result i64)))
;;! each: `receive` | import=(import "weft" "receive" (func $back (param i32 i32) (result i64)))
;;! each: the producer's `produce` | import=(import "producer" "produce_blob" (func $back (param i32 i32) (result i64)))
;;! each: the same by another module's name | import=(import "env" "produce_blob" (func $back (param i32 i32) (result i64)))
;;! each: WASI | import=(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (func $back (param i32 i32) (result i64) (i64.const 0))
(func $attack (param $ptr i32) (param $len i32) (result i64)
  (call $back (local.get $ptr) (local.get $len)))
{import}
