;; Before a consumer: `allocate`, `handle` and `deallocate`, as the host calls them for each message.
(module
  (import "consumer" "memory" (memory 0))
  (import "consumer" "receive" (func $receive (param i32 i32) (result i64)))
  (import "consumer" "weft_alloc" (func $alloc (param i32 i32) (result i32)))
  (import "consumer" "weft_dealloc" (func $dealloc (param i32 i32 i32)))

  ;; Whether what `receive` returns is where an answer lies: in the outbox, which is never given back.
  (global $answers (export "answers") (mut i32) (i32.const 0))
  (global $answer (mut i32) (i32.const 0))

  ;; Messages are 8-aligned, and the allocator is never asked for no bytes.
  (func $room (param $size i32) (result i32)
    (select (local.get $size) (i32.const 1) (local.get $size)))

  (func (export "allocate") (param $size i32) (result i32)
    (call $alloc (call $room (local.get $size)) (i32.const 8)))

  (func (export "deallocate") (param $ptr i32) (param $size i32)
    (if (i32.and (global.get $answers) (i32.eq (local.get $ptr) (global.get $answer))) (then (return)))
    (call $dealloc (local.get $ptr) (call $room (local.get $size)) (i32.const 8)))

  ;; The result: eight bytes, whose place and length are one value.
  (func (export "handle") (param $ptr i32) (param $len i32) (result i64)
    (local $digest i64)
    (local $result i32)
    (local.set $digest (call $receive (local.get $ptr) (local.get $len)))
    ;; An answer is `len << 32 | ptr`; what is returned here is the other way around.
    (if (i32.and (global.get $answers) (i64.ge_s (local.get $digest) (i64.const 0)))
      (then
        (global.set $answer (i32.wrap_i64 (local.get $digest)))
        (return (i64.rotl (local.get $digest) (i64.const 32)))))
    (local.set $result (call $alloc (i32.const 8) (i32.const 8)))
    ;; Where there is no memory nothing is stored; the host says so.
    (if (local.get $result) (then (i64.store (local.get $result) (local.get $digest))))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $result)) (i64.const 32)) (i64.const 8))))
