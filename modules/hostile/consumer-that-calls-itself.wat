;; A `receive` may call itself: that is recursion in one guest.
;;! about: calls its own `receive` for the same message, once, and without end
;;! group: calls that go back
;;! side: consumer
;;! each: once | call=(if (result i64) (global.get $within) (then (call $read (local.get $ptr) (local.get $len))) (else (global.set $within (i32.const 1)) (call $receive (local.get $ptr) (local.get $len))))
;;! each: without end | call=(call $receive (local.get $ptr) (local.get $len))
(global $within (mut i32) (i32.const 0))
(func $attack (param $ptr i32) (param $len i32) (result i64)
  {call})
