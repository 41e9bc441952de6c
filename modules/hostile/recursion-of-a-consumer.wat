;; A stack in memory is the guest's own, and goes down: with large frames it reaches what lies below 17 MiB before the engine's stack of 512 KiB
;; ends. Where one memory holds both guests, those are the producer's stack and data.
;;! about: calls itself without end, with frames of 0 to 64 KiB on its stack in memory
;;! group: traps
;;! side: consumer
;;! breaches: linked
;;! each: no frames | frame=0
;;! each: frames of 64 bytes | frame=64
;;! each: frames of 1 KiB | frame=1024
;;! each: frames of 16 KiB | frame=16384
;;! each: frames of 64 KiB | frame=65536
(global $__stack_pointer (mut i32) (i32.const 0x1100000))
(func $deeper (result i64) (local $frame i32)
  (local.set $frame (i32.sub (global.get $__stack_pointer) (i32.const {frame})))
  (global.set $__stack_pointer (local.get $frame))
  (i64.store (local.get $frame) (i64.const 0x6565656565656565))
  (i64.add (i64.load (local.get $frame)) (call $deeper)))
(func $attack (param $ptr i32) (param $len i32) (result i64)
  (call $deeper))
