;; The honest producer of attacks on typed messages (docs/ABI.md, "Typed messages"). It sends a list of one record: a shade, a text of eight
;; bytes, and eight numbers, which count from the message's number on. Number 1 is the attack's.
;;
;; It keeps the same marks as the producer of bytes.

(import "env" "memory" (memory $memory 4))
(import "weft" "send" (func $send (param i32 i32) (result i64)))

(@custom "weft.traits" "{\"abi\": 1, \"typed\": true}")
(@custom "weft.types" "blob shade (enum \"light\" \"dark\")\nblob entry (record (field \"shade\" $shade) (field \"text\" string) (field \"numbers\" (list u32)))\nblob 20 (list $entry)\n")

(global $outbox (mut i32) (i32.const 0))

(start $start)
(func $start
  (call $mark (i32.const 0x10000) (i32.const 0x10000) (i64.const 0x503a617461643a50))   ;; P:data:P
  (call $mark (i32.const 0x20000) (i32.const 0x10000) (i64.const 0x3a6b636174733a50)))  ;; P:stack:

;; Fills `len` bytes at `at` with a word.
(func $mark (param $at i32) (param $len i32) (param $word i64)
  (loop $again
    (local.set $len (i32.sub (local.get $len) (i32.const 8)))
    (i64.store (i32.add (local.get $at) (local.get $len)) (local.get $word))
    (br_if $again (local.get $len))))

(func $prepare (export "prepare_blob") (param $size i32) (param $messages i32) (param $seed i64) (result i64)
  (i64.const 4096))

(func $outbox (export "outbox") (param $capacity i32) (result i64)
  (global.set $outbox
    (i32.shl (memory.grow (i32.add (i32.shr_u (local.get $capacity) (i32.const 16)) (i32.const 1))) (i32.const 16)))
  (call $mark (i32.add (global.get $outbox) (local.get $capacity)) (i32.const 0x10000) (i64.const 0x503a706165683a50))  ;; P:heap:P
  (call $mark (i32.add (global.get $outbox) (i32.const 0x8000)) (i32.const 0x8000) (i64.const 0x746e65736e753a50))      ;; P:unsent
  (i64.extend_i32_u (global.get $outbox)))

(func $produce (export "produce_blob") (param $number i32) (param $count i32) (result i64)
  (if (i32.eq (local.get $number) (i32.const 1)) (then (return (call $attack))))
  (call $honest (local.get $number)))

(func $attack (result i64)
  (call $honest (i32.const 1)))

(func $honest (param $number i32) (result i64)
  (call $numbers (local.get $number))
  (call $record (i32.const 0) (call $text) (i32.const 8) (call $list) (i32.const 8))
  (call $send (global.get $outbox) (i32.const 1)))

;; Where the text and the numbers lie.
(func $text (result i32) (i32.add (global.get $outbox) (i32.const 0x200)))
(func $list (result i32) (i32.add (global.get $outbox) (i32.const 0x100)))

;; Writes the numbers and the text.
(func $numbers (param $number i32) (local $at i32)
  (i64.store (call $text) (i64.const 0x6867696c65687420))
  (loop $again
    (i32.store
      (i32.add (call $list) (i32.shl (local.get $at) (i32.const 2)))
      (i32.add (local.get $number) (local.get $at)))
    (br_if $again (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (i32.const 8)))))

;; Writes the record.
(func $record (param $shade i32) (param $text i32) (param $text_len i32) (param $list i32) (param $list_len i32)
  (i32.store8 (global.get $outbox) (local.get $shade))
  (i32.store offset=4 (global.get $outbox) (local.get $text))
  (i32.store offset=8 (global.get $outbox) (local.get $text_len))
  (i32.store offset=12 (global.get $outbox) (local.get $list))
  (i32.store offset=16 (global.get $outbox) (local.get $list_len)))
