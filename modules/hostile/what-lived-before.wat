;; Before each attack an honest pair has run in the same process, and is gone. This consumer looks for its words in all memory that it gets,
;; before any producer is there. It looks in its own outbox, inbox and 16 MiB of fresh memory.
;;! about: looks for what an earlier pair left behind, in fresh memory, before a producer is there
;;! group: what lived before
;;! side: consumer
(global $found (mut i64) (i64.const 0))
(start $looks)
(func $looks (local $at i32) (local $end i32) (local $word i64)
  (drop (memory.grow (i32.const 256)))
  (local.set $end (i32.shl (memory.size) (i32.const 16)))
  (loop $again
    (local.set $word (i64.load (local.get $at)))
    (if (i64.ne (local.get $word) (i64.const 0)) (then (global.set $found (local.get $word))))
    (br_if $again (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $end)))))
(func $attack (param $ptr i32) (param $len i32) (result i64)
  (i64.and (global.get $found) (i64.const 0x7fffffffffffffff)))
