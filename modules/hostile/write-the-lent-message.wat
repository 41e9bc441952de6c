;; Where the message is the producer's own, so is what the consumer writes into it.
;;! about: writes into the message that it was lent, and around it
;;! group: the other's memory
;;! side: consumer
;;! breaches: window pane linked
;;! each: its first word | at=(local.get $ptr) | len=(i32.const 8)
;;! each: its last word | at=(i32.add (local.get $ptr) (i32.const 56)) | len=(i32.const 8)
;;! each: all of it | at=(local.get $ptr) | len=(i32.const 64)
;;! each: what lies behind it in the outbox | at=(i32.add (local.get $ptr) (i32.const 0x8000)) | len=(i32.const 0x1000)
;;! each: 128 KiB from it on | at=(local.get $ptr) | len=(i32.const 0x1f000)
(func $attack (param $ptr i32) (param $len i32) (result i64)
  (memory.fill {at} (i32.const 0xee) {len})
  (i64.const 7))
