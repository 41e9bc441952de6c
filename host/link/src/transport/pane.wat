;; Stands between two guests of one store whose outbox and inbox are the same pages: it checks the range against the
;; producer's outbox, translates the address into the consumer's memory and calls `receive`. Nothing is copied.
(module
  (import "consumer" "receive" (func $receive (param i32 i32) (result i64)))
  ;; Never returns: the host makes an error of the bad range.
  (import "host" "reject" (func $reject (param i32 i32) (result i64)))

  ;; The host sets these once, when it knows them; until then the outbox is nowhere: no 8-aligned message lies in it,
  ;; not even an empty one.
  (global $outbox (export "outbox") (mut i32) (i32.const -1))
  (global $inbox (export "inbox") (mut i32) (i32.const 0))
  (global $capacity (export "capacity") (mut i32) (i32.const 0))

  ;; Counted where they happen.
  (global $messages (export "messages") (mut i64) (i64.const 0))

  (func (export "send") (param $ptr i32) (param $len i32) (result i64)
    (local $offset i32)
    (local.set $offset (i32.sub (local.get $ptr) (global.get $outbox)))
    ;; offset > capacity || len > capacity - offset || ptr % 8 != 0, all unsigned
    (if (i32.or
          (i32.or
            (i32.gt_u (local.get $offset) (global.get $capacity))
            (i32.gt_u (local.get $len) (i32.sub (global.get $capacity) (local.get $offset))))
          (i32.and (local.get $ptr) (i32.const 7)))
      (then (return (call $reject (local.get $ptr) (local.get $len)))))
    (global.set $messages (i64.add (global.get $messages) (i64.const 1)))
    (call $receive (i32.add (global.get $inbox) (local.get $offset)) (local.get $len))))
