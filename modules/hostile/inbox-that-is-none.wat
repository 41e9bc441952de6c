;; A region is whole pages of the guest's memory, not at 0.
;;! about: gives an inbox that is none: at 0, unaligned, past the end of the memory, past 4 GiB, a status, its own data
;;! group: allocators that lie
;;! side: consumer
;;! each: 0 | inbox=(i64.const 0)
;;! each: 1 | inbox=(i64.const 1)
;;! each: a page without a byte | inbox=(i64.const 65535)
;;! each: a page and a word | inbox=(i64.const 65544)
;;! each: the last page of 4 GiB | inbox=(i64.const 0xffff0000)
;;! each: 4 GiB | inbox=(i64.const 0x100000000)
;;! each: the largest number | inbox=(i64.const 0x7fffffffffffffff)
;;! each: the lowest number | inbox=(i64.const 0x8000000000000000)
;;! each: -1 | inbox=(i64.const -1)
;;! each: the end of the memory | inbox=(i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16))
;;! each: the last page of the memory | inbox=(i64.shl (i64.extend_i32_u (i32.sub (memory.size) (i32.const 1))) (i64.const 16))
;;! each: its own data | inbox=(i64.const 0x1100000)
;;! each: its own stack | inbox=(i64.const 0x10f0000)
;;! each: where a producer has its data | inbox=(i64.const 0x10000)
(func $inbox (export "inbox") (param $capacity i32) (result i64)
  {inbox})
