;; A trap ends the call, not the host; the memory of the other guest is as it was.
;;! about: traps in the middle of a message: half of it is written, and one was sent
;;! group: traps
;;! side: producer
;;! each: unreachable | trap=(unreachable)
;;! each: a load past the end | trap=(drop (i64.load (i32.const -8)))
;;! each: a load that wraps | trap=(drop (i64.load offset=0xffffffff (i32.const -1)))
;;! each: a store past the end | trap=(i64.store (i32.const -8) (i64.const 1))
;;! each: a fill past the end | trap=(memory.fill (i32.const -8) (i32.const 0) (i32.const 16))
;;! each: a copy past the end | trap=(memory.copy (i32.const 8) (i32.const -8) (i32.const 16))
;;! each: a division by 0 | trap=(drop (i64.div_u (i64.const 1) (i64.const 0)))
;;! each: a division that overflows | trap=(drop (i64.div_s (i64.const 0x8000000000000000) (i64.const -1)))
;;! each: a number that is none | trap=(drop (i32.trunc_f64_u (f64.const nan)))
;;! each: a function that is none | trap=(drop (call_indirect $functions (result i64) (i32.const 0)))
;;! each: a function of another type | trap=(drop (call_indirect $functions (result i64) (i32.const 1)))
;;! each: a function past the table | trap=(drop (call_indirect $functions (result i64) (i32.const 99)))
(table $functions 2 funcref)
(elem (table $functions) (i32.const 1) func $other)
(func $other (param f64))
(func $attack (result i64)
  (call $write (i32.const 5))
  (drop (call $send (global.get $outbox) (i32.const 64)))
  (i64.store (global.get $outbox) (i64.const 9))
  {trap}
  (i64.const 7))
