;; As for a producer.
;;! about: returns the statuses of a producer, unknown ones, and digests of messages that it was not sent
;;! group: forged results
;;! side: consumer
;;! each: not prepared | result=-16
;;! each: capacity | result=-17
;;! each: argument | result=-19
;;! each: misplaced | result=-20
;;! each: unknown | result=-77
;;! each: the lowest number | result=0x8000000000000000
;;! each: the digest of another message | result=11
;;! each: the largest digest | result=0x7fffffffffffffff
(func $attack (param $ptr i32) (param $len i32) (result i64)
  (i64.const {result}))
