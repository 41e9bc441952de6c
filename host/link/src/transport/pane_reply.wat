;; `pane.wat` for messages that are answered: the replier's outbox and the requester's inbox are the same pages as well. The answer is
;; checked against that outbox, and its address translated back.
(module
  (import "consumer" "receive" (func $receive (param i32 i32) (result i64)))
  ;; Neither returns: the host makes an error of the bad range.
  (import "host" "reject" (func $reject (param i32 i32) (result i64)))
  (import "host" "reject_answer" (func $reject_answer (param i32 i32) (result i64)))

  ;; As in `pane.wat`; both outboxes have the same capacity.
  (global $outbox (export "outbox") (mut i32) (i32.const -1))
  (global $inbox (export "inbox") (mut i32) (i32.const 0))
  (global $capacity (export "capacity") (mut i32) (i32.const 0))
  (global $answer_outbox (export "answer_outbox") (mut i32) (i32.const -1))
  (global $answer_inbox (export "answer_inbox") (mut i32) (i32.const 0))

  (global $messages (export "messages") (mut i64) (i64.const 0))
  (global $answers (export "answers") (mut i64) (i64.const 0))

  (func (export "send") (param $ptr i32) (param $len i32) (result i64)
    (local $offset i32)
    (local $came i64)
    (local.set $offset (i32.sub (local.get $ptr) (global.get $outbox)))
    (if (i32.or
          (i32.or
            (i32.gt_u (local.get $offset) (global.get $capacity))
            (i32.gt_u (local.get $len) (i32.sub (global.get $capacity) (local.get $offset))))
          (i32.and (local.get $ptr) (i32.const 7)))
      (then (return (call $reject (local.get $ptr) (local.get $len)))))
    (global.set $messages (i64.add (global.get $messages) (i64.const 1)))

    (local.set $came (call $receive (i32.add (global.get $inbox) (local.get $offset)) (local.get $len)))
    ;; A status is no place.
    (if (i64.lt_s (local.get $came) (i64.const 0))
      (then (return (local.get $came))))
    (local.set $ptr (i32.wrap_i64 (local.get $came)))
    (local.set $len (i32.wrap_i64 (i64.shr_u (local.get $came) (i64.const 32))))
    (local.set $offset (i32.sub (local.get $ptr) (global.get $answer_outbox)))
    (if (i32.or
          (i32.or
            (i32.gt_u (local.get $offset) (global.get $capacity))
            (i32.gt_u (local.get $len) (i32.sub (global.get $capacity) (local.get $offset))))
          (i32.and (local.get $ptr) (i32.const 7)))
      (then (return (call $reject_answer (local.get $ptr) (local.get $len)))))
    (global.set $answers (i64.add (global.get $answers) (i64.const 1)))
    ;; The same length, where the requester finds the answer.
    (i64.or
      (i64.and (local.get $came) (i64.const 0x7fffffff00000000))
      (i64.extend_i32_u (i32.add (global.get $answer_inbox) (local.get $offset))))))
