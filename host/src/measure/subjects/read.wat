;; Repeats `receive` on messages that are there, as a producer would call it, but makes nothing.
(module
  (import "consumer" "receive" (func $receive (param i32 i32) (result i64)))
  ;; Address and length of each message, eight bytes a message, written by the host.
  (memory (export "messages") 1)

  ;; Hands over `count` messages from number `first` on, of `of` in turn; returns the sum of the digests modulo
  ;; 2^63, or the first status.
  (func (export "run") (param $first i32) (param $count i32) (param $of i32) (result i64)
    (local $sum i64)
    (local $digest i64)
    (if (i32.eqz (local.get $count)) (then (return (i64.const 0))))
    (loop $again
      (local.set $digest
        (call $receive
          (i32.load (i32.shl (local.get $first) (i32.const 3)))
          (i32.load offset=4 (i32.shl (local.get $first) (i32.const 3)))))
      (if (i64.lt_s (local.get $digest) (i64.const 0)) (then (return (local.get $digest))))
      (local.set $sum (i64.add (local.get $sum) (local.get $digest)))
      (local.set $first (i32.add (local.get $first) (i32.const 1)))
      (if (i32.eq (local.get $first) (local.get $of)) (then (local.set $first (i32.const 0))))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (i64.and (local.get $sum) (i64.const 0x7fffffffffffffff))))
