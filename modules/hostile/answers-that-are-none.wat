;; As in one way; a place and a status are the same 64 bits.
;;! about: answers with statuses of a requester, with a place of no bytes, with an earlier answer
;;! group: forged results
;;! side: consumer
;;! task: reply
;;! each: misplaced | result=(i64.const -20)
;;! each: not prepared | result=(i64.const -16)
;;! each: unknown | result=(i64.const -77)
;;! each: the lowest number | result=(i64.const 0x8000000000000000)
;;! each: no bytes | result=(call $place (global.get $outbox) (i32.const 0))
;;! each: no bytes, at its outbox' end | result=(call $place (i32.add (global.get $outbox) (i32.const 0x10000)) (i32.const 0))
;;! each: half an answer | result=(call $place (global.get $outbox) (i32.const 4))
;;! each: what it has not sent | result=(call $place (i32.add (global.get $outbox) (i32.const 0x4000)) (i32.const 64))
(func $attack (param $ptr i32) (param $len i32) (result i64)
  {result})
