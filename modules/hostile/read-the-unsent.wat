;; The producer's outbox holds more than the message: what it has encoded before, and what it has not sent.
;;! about: reads what the producer has in its outbox beside the message
;;! group: the other's memory
;;! side: consumer
;;! breaches: window pane linked
;;! each: half an outbox further | further=0x8000
;;! each: at the outbox' end | further=0xfff8
(func $attack (param $ptr i32) (param $len i32) (result i64)
  (i64.load (i32.add (local.get $ptr) (i32.const {further}))))
