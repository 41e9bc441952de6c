;; The consumer, and the host's own functions, run on what the producer has left of the stack.
;;! about: sends a message at each depth of a recursion, until the stack ends in itself, in the transport or in the consumer
;;! group: traps
;;! side: producer
;;! each: with frames of one value | more=(i64.const 0)
;;! each: with frames of some values | more=(i64.mul (call $wide (local.get $depth) (i64.const 3)) (i64.const 5))
(func $wide (param $a i64) (param $b i64) (result i64) (i64.xor (i64.mul (local.get $a) (local.get $b)) (i64.const 77)))
(func $deeper (param $depth i64) (result i64) (local $more i64)
  (local.set $more {more})
  (drop (call $send (global.get $outbox) (i32.const 64)))
  (i64.add (i64.add (local.get $more) (i64.const 1)) (call $deeper (i64.add (local.get $depth) (i64.const 1)))))
(func $attack (result i64)
  (call $write (i32.const 5))
  (call $deeper (i64.const 0)))
