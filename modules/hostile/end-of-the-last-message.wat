;; Message 3 is eight bytes long, and message 0 before it was 64. What lies behind the short one is the end of the long one, which this
;; consumer was sent itself; where the outbox is its inbox, it is whatever the producer has there.
;;! about: reads behind a short message, where the longer one before it was
;;! group: what lived before
;;! side: consumer
;;! calls: 0 3
;;! each: the next word | further=8
;;! each: the last word of the message before | further=56
;;! each: the word behind that | further=64
;;! each: a page further | further=4096
(func $attack (param $ptr i32) (param $len i32) (result i64)
  (i64.and (i64.load (i32.add (local.get $ptr) (i32.const {further}))) (i64.const 0x7fffffffffffffff)))
