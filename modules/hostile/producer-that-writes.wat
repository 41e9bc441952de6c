;; Where one memory holds both guests, each writes what it likes.
;;! about: writes where the other guest has its data, its stack and its heap
;;! group: the other's memory
;;! side: producer
;;! breaches: linked
;;! each: a byte of static data | at=(i32.const 0x1100000) | len=(i32.const 1)
;;! each: a word of stack | at=(i32.const 0x10f0000) | len=(i32.const 8)
;;! each: a page of stack and data | at=(i32.const 0x10f0000) | len=(i32.const 0x10000)
;;! each: heap | at=(call $found (i64.const 0x433a706165683a43)) | len=(i32.const 8)
;;! each: all from its own memory's middle on | at=(i32.shl (i32.shr_u (memory.size) (i32.const 1)) (i32.const 16)) | len=(i32.shl (i32.shr_u (memory.size) (i32.const 1)) (i32.const 16))
(import "env" "memory" (memory $memory 300))
(func $attack (result i64)
  (memory.fill {at} (i32.const 0xee) {len})
  (i64.const 7))

;; Where a word lies in this memory; at 8 where it does not.
(func $found (param $word i64) (result i32) (local $at i32) (local $end i32)
  (local.set $end (i32.shl (memory.size) (i32.const 16)))
  (loop $again
    (if (i64.eq (i64.load (local.get $at)) (local.get $word)) (then (return (local.get $at))))
    (br_if $again (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $end))))
  (i32.const 8))
