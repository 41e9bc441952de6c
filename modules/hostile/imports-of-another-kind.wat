;; A producer imports its memory and `send`.
;;! about: imports what a producer must not have: a second memory, a shared or a 64-bit one, tables, globals, a `send` of another type
;;! group: calls that go back
;;! side: producer
;;! each: a second memory | import=(import "env" "other" (memory $other 1))
;;! each: the memory twice | import=(import "env" "memory" (memory $other 1))
;;! each: a shared memory | import=(import "env" "memory" (memory $memory 1 300 shared))
;;! each: a 64-bit memory | import=(import "env" "shared" (memory $other i64 1))
;;! each: a table of functions | import=(import "env" "table" (table $other 1 funcref))
;;! each: a global | import=(import "env" "__stack_pointer" (global $other (mut i32)))
;;! each: `send` of another type | import=(import "weft" "send" (func $other (param i64 i64) (result i64)))
;;! each: the consumer's `receive` | import=(import "consumer" "receive_blob_peek" (func $other (param i32 i32) (result i64)))
;;! each: a host's function | import=(import "host" "reject" (func $other (param i32 i32) (result i64)))
{import}
