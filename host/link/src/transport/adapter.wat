;; Stands between two guests of one store: it imports both memories, checks the range against the
;; producer's outbox, copies once into the consumer's inbox and calls `receive`.
(module
  (import "producer" "memory" (memory $producer 0))
  (import "consumer" "memory" (memory $consumer 0))
  (import "consumer" "receive" (func $receive (param i32 i32) (result i64)))
  ;; Never returns: the host makes an error of the bad range.
  (import "host" "reject" (func $reject (param i32 i32) (result i64)))

  ;; The inbox has room for whatever fits into the outbox. The host sets these once, when it knows
  ;; them; until then the outbox is nowhere: no 8-aligned message lies in it, not even an empty one.
  (global $outbox (export "outbox") (mut i32) (i32.const -1))
  (global $inbox (export "inbox") (mut i32) (i32.const 0))
  (global $capacity (export "capacity") (mut i32) (i32.const 0))

  ;; Counted where they happen: a message is one copy.
  (global $messages (export "messages") (mut i64) (i64.const 0))
  (global $copied_bytes (export "copied_bytes") (mut i64) (i64.const 0))

  (func (export "send") (param $ptr i32) (param $len i32) (result i64)
    (local $offset i32)
    (local $to i32)
    (local.set $offset (i32.sub (local.get $ptr) (global.get $outbox)))
    ;; offset > capacity || len > capacity - offset || ptr % 8 != 0, all unsigned
    (if (i32.or
          (i32.or
            (i32.gt_u (local.get $offset) (global.get $capacity))
            (i32.gt_u (local.get $len) (i32.sub (global.get $capacity) (local.get $offset))))
          (i32.and (local.get $ptr) (i32.const 7)))
      (then (return (call $reject (local.get $ptr) (local.get $len)))))
    (local.set $to (global.get $inbox))
    ;; `memory.copy` is a call out of wasm, so messages of 16 to 64 bytes go as four vectors, two from
    ;; each end, which overlap: the outer ones always, the inner ones above 32 bytes.
    (if (i32.le_u (i32.sub (local.get $len) (i32.const 16)) (i32.const 48))
      (then
        (v128.store $consumer (local.get $to) (v128.load $producer (local.get $ptr)))
        (v128.store $consumer
          (i32.sub (i32.add (local.get $to) (local.get $len)) (i32.const 16))
          (v128.load $producer (i32.sub (i32.add (local.get $ptr) (local.get $len)) (i32.const 16))))
        (if (i32.gt_u (local.get $len) (i32.const 32))
          (then
            (v128.store $consumer offset=16 (local.get $to) (v128.load $producer offset=16 (local.get $ptr)))
            (v128.store $consumer
              (i32.sub (i32.add (local.get $to) (local.get $len)) (i32.const 32))
              (v128.load $producer (i32.sub (i32.add (local.get $ptr) (local.get $len)) (i32.const 32)))))))
      (else
        (memory.copy $consumer $producer (local.get $to) (local.get $ptr) (local.get $len))))
    (global.set $messages (i64.add (global.get $messages) (i64.const 1)))
    (global.set $copied_bytes (i64.add (global.get $copied_bytes) (i64.extend_i32_u (local.get $len))))
    (call $receive (global.get $inbox) (local.get $len))))
