;; The consumer goes as deep as it can on each message that comes from as deep as the producer can; each is an end of the stack.
;;! about: goes as deep as it is allowed, and lets a message be read there, many times
;;! group: traps
;;! side: producer
(global $left (mut i32) (i32.const 0))
(func $deeper (result i64)
  (if (i32.eqz (global.get $left)) (then (return (call $send (global.get $outbox) (i32.const 64)))))
  (global.set $left (i32.sub (global.get $left) (i32.const 1)))
  (i64.add (i64.const 1) (call $deeper)))
(func $attack (result i64) (local $depth i32)
  (call $write (i32.const 5))
  (loop $again
    (global.set $left (local.get $depth))
    (drop (call $deeper))
    (local.set $depth (i32.add (local.get $depth) (i32.const 37)))
    (br $again))
  (i64.const 0))
