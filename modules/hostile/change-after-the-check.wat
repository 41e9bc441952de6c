;; The consumer checks message 4 and remembers it. The producer changes the bytes where it had written them, and sends an empty message, at
;; which the consumer reads again what it has checked. Where a message was copied, it has its own.
;;! about: changes a message after the consumer has checked and kept it, and lets it be read again
;;! group: change after the check
;;! side: producer
;;! calls: 0 4 1
;;! breaches: window pane linked
(func $attack (result i64)
  (i64.store (global.get $outbox) (i64.const 666))
  (call $send (global.get $outbox) (i32.const 0)))
