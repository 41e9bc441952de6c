;; The engine calls back wherever the consumer enters a function or begins a loop again, and the message's first word becomes another there,
;; as a producer could do it that ran beside the consumer. The consumer enters a function between its check and what it does with what it has
;; checked. This producer does not look whether its message was changed: it is the one who does it.
;;! about: changes a message while a consumer that checks it is within `receive`
;;! group: change after the check
;;! side: producer
;;! changed-at: checks
;;! each: at the first check | check=1
;;! each: at the second | check=2
;;! each: at the third | check=3
;;! each: at the fourth | check=4
;;! each: at the fifth | check=5
;;! each: at the sixth | check=6
;;! each: at the seventh | check=7
;;! breaches: window pane linked
;;! only: window pane linked: what the consumer reads is its own copy, which nobody else can change
(func $attack (result i64)
  (call $write (i32.const 1))
  (call $send (global.get $outbox) (i32.const 64)))
