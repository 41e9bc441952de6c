;; A producer may call its own `produce` while it produces: whoever sends is the same guest.
;;! about: calls its own `produce` while it produces, and sends in each of these calls
;;! group: calls that go back
;;! side: producer
;;! each: once | depth=1
;;! each: 100 times | depth=100
;;! each: 1000 times | depth=1000
;;! each: without end | depth=0x7fffffff
(global $depth (mut i32) (i32.const 0))
(func $attack (result i64)
  (call $write (i32.const 5))
  (drop (call $send (global.get $outbox) (i32.const 64)))
  (if (i32.lt_u (global.get $depth) (i32.const {depth}))
    (then
      (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
      (return (call $produce (i32.const 1) (i32.const 1)))))
  (global.set $depth (i32.const 0))
  (call $send (global.get $outbox) (i32.const 64)))
