;; Before a consumer: the functions that Scailable's runtime calls for each message. One message at a time.
(module
  (import "consumer" "memory" (memory 0))
  (import "consumer" "receive" (func $receive (param i32 i32) (result i64)))
  (import "consumer" "weft_alloc" (func $alloc (param i32 i32) (result i32)))
  (import "consumer" "weft_dealloc" (func $dealloc (param i32 i32 i32)))

  (global $in (mut i32) (i32.const 0))
  (global $in_len (mut i32) (i32.const 0))
  (global $out (mut i32) (i32.const 0))
  (global $out_len (mut i32) (i32.const 8))

  ;; Whether what `receive` returns is where an answer lies: in the outbox, which is never given back.
  (global $answers (export "answers") (mut i32) (i32.const 0))
  (global $answer (mut i32) (i32.const 0))

  ;; Messages are 8-aligned, and the allocator is never asked for no bytes.
  (func $room (param $size i32) (result i32)
    (select (local.get $size) (i32.const 1) (local.get $size)))

  (func (export "malloc_buffer") (param $length i32) (result i32)
    (global.set $in_len (local.get $length))
    (global.set $in (call $alloc (call $room (local.get $length)) (i32.const 8)))
    (global.get $in))

  ;; The output: eight bytes. Returns EXIT_SUCCESS.
  (func (export "pred") (result i32)
    (local $digest i64)
    (local.set $digest (call $receive (global.get $in) (global.get $in_len)))
    (if (i32.and (global.get $answers) (i64.ge_s (local.get $digest) (i64.const 0)))
      (then
        (global.set $answer (i32.wrap_i64 (local.get $digest)))
        (global.set $out (global.get $answer))
        (global.set $out_len (i32.wrap_i64 (i64.shr_u (local.get $digest) (i64.const 32))))
        (return (i32.const 0))))
    (global.set $out_len (i32.const 8))
    (global.set $out (call $alloc (i32.const 8) (i32.const 8)))
    ;; Where there is no memory nothing is stored; the host says so.
    (if (global.get $out) (then (i64.store (global.get $out) (local.get $digest))))
    (i32.const 0))

  (func (export "get_out_len") (result i32) (global.get $out_len))

  (func (export "get_out_loc") (result i32) (global.get $out))

  ;; C's `free` knows how long a piece is. Here it is the input or the output.
  (func (export "free_buffer") (param $ptr i32)
    (if (i32.and (global.get $answers) (i32.eq (local.get $ptr) (global.get $answer))) (then (return)))
    (call $dealloc (local.get $ptr)
      (select (call $room (global.get $in_len)) (i32.const 8) (i32.eq (local.get $ptr) (global.get $in)))
      (i32.const 8))))
