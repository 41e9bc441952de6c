;; The same on the way back: the replier's outbox holds more than the answer.
;;! about: reads what the replier has in its outbox beside the answer
;;! group: the other's memory
;;! side: producer
;;! task: reply
;;! breaches: window pane linked
(func $attack (result i64) (local $came i64)
  (call $write (i32.const 5))
  (local.set $came (call $send (global.get $outbox) (i32.const 64)))
  (if (i64.lt_s (local.get $came) (i64.const 0)) (then (return (local.get $came))))
  (i64.load (i32.add (i32.wrap_i64 (local.get $came)) (i32.const 0x8000))))
