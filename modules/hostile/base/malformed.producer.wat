;; A producer that is handed malformed bytes in place of values, and sends them to the consumer of a codec. {message} stands for the kind of
;; message that the consumer takes them for. Number n of its messages is the n-th of these bytes; what the consumer answers to one is returned where
;; one is sent, and dropped where several are.

(import "env" "memory" (memory $memory 1))
(import "weft" "send" (func $send (param i32 i32) (result i64)))

(global $outbox (mut i32) (i32.const 0))
(global $values (mut i32) (i32.const 0))

(func $pages (param $capacity i32) (result i32)
  (i32.shl (memory.grow (i32.add (i32.shr_u (local.get $capacity) (i32.const 16)) (i32.const 1))) (i32.const 16)))

(func (export "values") (param $capacity i32) (result i64)
  (global.set $values (call $pages (local.get $capacity)))
  (i64.extend_i32_u (global.get $values)))

(func (export "supply_{message}") (param $size i32) (param $messages i32) (param $values i32) (result i64)
  (i64.const 65536))

(func (export "outbox") (param $capacity i32) (result i64)
  (global.set $outbox (call $pages (local.get $capacity)))
  (i64.extend_i32_u (global.get $outbox)))

(func (export "produce_{message}") (param $number i32) (param $count i32) (result i64) (local $result i64)
  (if (i32.eq (local.get $count) (i32.const 1)) (then (return (call $one (local.get $number)))))
  (loop $again
    (drop (call $one (local.get $number)))
    (local.set $number (i32.add (local.get $number) (i32.const 1)))
    (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
  (i64.const 0))

(func $one (param $number i32) (result i64) (local $entry i32) (local $len i32)
  (local.set $entry (i32.add (global.get $values) (i32.shl (local.get $number) (i32.const 3))))
  (local.set $len (i32.load offset=4 (local.get $entry)))
  (memory.copy
    (global.get $outbox)
    (i32.add (global.get $values) (i32.load (local.get $entry)))
    (local.get $len))
  (call $send (global.get $outbox) (local.get $len)))
