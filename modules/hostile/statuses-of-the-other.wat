;; A status says which side it is of by its number, and whoever returns it is believed: docs/ISOLATION.md says so.
;;! about: returns the statuses of a consumer, unknown ones, and digests of messages that it has not sent
;;! group: forged results
;;! side: producer
;;! each: malformed | result=-1
;;! each: out of range | result=-3
;;! each: misaligned | result=-5
;;! each: unknown of a consumer | result=-15
;;! each: not prepared | result=-16
;;! each: unknown | result=-77
;;! each: the lowest number | result=0x8000000000000000
;;! each: a digest | result=0x7fffffffffffffff
(func $attack (result i64)
  (i64.const {result}))
