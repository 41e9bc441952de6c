;; A region has at most 1 GiB, and so has a memory.
;;! about: asks for an outbox of no bytes, of 1 GiB and more, of a negative number of bytes
;;! group: allocators that lie
;;! side: producer
;;! each: 0 | capacity=0
;;! each: 512 MiB | capacity=0x20000000
;;! each: 1 GiB | capacity=0x40000000
;;! each: 1 GiB and a byte | capacity=0x40000001
;;! each: a byte less than 4 GiB | capacity=0xffffffff
;;! each: 4 GiB | capacity=0x100000000
;;! each: the largest number | capacity=0x7fffffffffffffff
;;! each: the lowest number | capacity=0x8000000000000000
;;! each: an unknown status | capacity=-77
(func $prepare (export "prepare_blob") (param $size i32) (param $messages i32) (param $seed i64) (result i64)
  (i64.const {capacity}))
