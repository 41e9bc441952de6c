;; As for an inbox. Where one memory holds both guests, a region may be the other's: nobody checks whose pages it has.
;;! about: gives an outbox that is none, or that is another's: at 0, unaligned, past the end, a status, where a consumer has its stack and data
;;! group: allocators that lie
;;! side: producer
;;! breaches: linked
;;! each: 0 | outbox=(i64.const 0)
;;! each: 1 | outbox=(i64.const 1)
;;! each: a page without a byte | outbox=(i64.const 65535)
;;! each: a page and a word | outbox=(i64.const 65544)
;;! each: the last page of 4 GiB | outbox=(i64.const 0xffff0000)
;;! each: 4 GiB | outbox=(i64.const 0x100000000)
;;! each: the largest number | outbox=(i64.const 0x7fffffffffffffff)
;;! each: the lowest number | outbox=(i64.const 0x8000000000000000)
;;! each: -1 | outbox=(i64.const -1)
;;! each: the end of the memory | outbox=(i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16))
;;! each: its own data | outbox=(i64.const 0x10000)
;;! each: where a consumer has its stack | outbox=(i64.const 0x10f0000)
;;! each: where a consumer has its data | outbox=(i64.const 0x1100000)
(import "env" "memory" (memory $memory 300))
(func $outbox (export "outbox") (param $capacity i32) (result i64)
  (global.set $outbox (i32.wrap_i64 {outbox}))
  {outbox})
