;; The same on the way back: the requester writes into the answer that it was lent, and around it.
;;! about: writes into the answer that it was lent, and around it
;;! group: the other's memory
;;! side: producer
;;! task: reply
;;! breaches: window pane linked
;;! each: what lies behind it in the replier's outbox | at=0x8000 | len=0x1000
;;! each: 128 KiB from it on | at=0 | len=0x1f000
(func $attack (result i64) (local $came i64)
  (call $write (i32.const 5))
  (local.set $came (call $send (global.get $outbox) (i32.const 64)))
  (if (i64.lt_s (local.get $came) (i64.const 0)) (then (return (local.get $came))))
  (memory.fill (i32.add (i32.wrap_i64 (local.get $came)) (i32.const {at})) (i32.const 0xee) (i32.const {len}))
  (i64.const 7))
