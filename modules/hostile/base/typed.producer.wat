;; The honest producer of attacks on typed messages (docs/ABI.md, "Typed messages"). It sends a list of one record: a shade, a text of eight
;; bytes, and eight numbers, which count from the message's number on. Number 1 is the attack's. Where it is answered it reads the answer as
;; the honest consumer reads a message.
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
  (global.set $outbox (call $pages (local.get $capacity)))
  (call $mark (i32.add (global.get $outbox) (local.get $capacity)) (i32.const 0x10000) (i64.const 0x503a706165683a50))  ;; P:heap:P
  (call $mark (i32.add (global.get $outbox) (i32.const 0x8000)) (i32.const 0x8000) (i64.const 0x746e65736e753a50))      ;; P:unsent
  (i64.extend_i32_u (global.get $outbox)))

;; So many bytes of fresh memory, and a page behind them.
(func $pages (param $capacity i32) (result i32)
  (i32.shl
    (memory.grow (i32.add (i32.shr_u (local.get $capacity) (i32.const 16)) (i32.const 1)))
    (i32.const 16)))

;; Where answers that are bytes would be put.
(func $inbox (export "inbox") (param $capacity i32) (result i64)
  (i64.extend_i32_u (call $pages (local.get $capacity))))

(func $produce (export "produce_blob") (param $number i32) (param $count i32) (result i64)
  (call $one (local.get $number) (i32.const 0)))

;; The same, and reads the answer.
(func $request (export "request_blob") (param $number i32) (param $count i32) (result i64)
  (call $one (local.get $number) (i32.const 1)))

;; Whether the message is answered.
(global $answered (mut i32) (i32.const 0))

(func $one (param $number i32) (param $answered i32) (result i64)
  (global.set $answered (local.get $answered))
  (if (i32.eq (local.get $number) (i32.const 1)) (then (return (call $attack))))
  (call $honest (local.get $number)))

(func $attack (result i64)
  (call $honest (i32.const 1)))

(func $honest (param $number i32) (result i64) (local $came i64)
  (call $numbers (local.get $number))
  (call $record (i32.const 0) (call $text) (i32.const 8) (call $list) (i32.const 8))
  (local.set $came (call $send (global.get $outbox) (i32.const 1)))
  (if (i32.or (i64.lt_s (local.get $came) (i64.const 0)) (i32.eqz (global.get $answered)))
    (then (return (local.get $came))))
  (call $read (i32.wrap_i64 (local.get $came)) (i32.wrap_i64 (i64.shr_u (local.get $came) (i64.const 32)))))

;; Reads an answer's first record, and gives all of it back.
(func $read (param $ptr i32) (param $len i32) (result i64) (local $list i32) (local $digest i64)
  (if (i32.eqz (local.get $len)) (then (return (i64.const 0))))
  (if (call $is_none (local.get $ptr)) (then (return (i64.const 0x64726f6365723a50))))  ;; P:record
  (local.set $list (i32.load offset=12 (local.get $ptr)))
  (if (i32.eq (i32.load8_u (local.get $ptr)) (i32.const 1))
    (then (return (i64.and (i64.load (i32.load offset=4 (local.get $ptr))) (i64.const 0x7fffffffffffffff)))))
  (if (i32.eqz (i32.load offset=16 (local.get $ptr))) (then (return (i64.const 0))))
  (local.set $digest
    (i64.add
      (i64.load32_u (local.get $list))
      (i64.load32_u (i32.add
        (local.get $list)
        (i32.shl (i32.sub (i32.load offset=16 (local.get $ptr)) (i32.const 1)) (i32.const 2))))))
  (global.set $next (global.get $room))
  (local.get $digest))

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

;; Whether a record is none: there is no such shade, or its text is no ASCII, as all honest ones are.
(func $is_none (param $ptr i32) (result i32)
  (if (i32.gt_u (i32.load8_u (local.get $ptr)) (i32.const 1)) (then (return (i32.const 1))))
  (if (i32.lt_u (i32.load offset=8 (local.get $ptr)) (i32.const 8)) (then (return (i32.const 0))))
  (i64.ne
    (i64.and (i64.load (i32.load offset=4 (local.get $ptr))) (i64.const 0x8080808080808080))
    (i64.const 0)))

;; The allocator: one piece behind the other, in fresh pages.
(global $room (mut i32) (i32.const 0))
(global $next (mut i32) (i32.const 0))
(global $end (mut i32) (i32.const 0))
(func $alloc (export "weft_alloc") (param $size i32) (param $align i32) (result i32) (local $piece i32)
  (if (i32.gt_u (local.get $size) (i32.sub (global.get $end) (global.get $next)))
    (then
      (global.set $room (call $pages (local.get $size)))
      (global.set $next (global.get $room))
      (global.set $end (i32.shl (memory.size) (i32.const 16)))))
  (local.set $piece (global.get $next))
  (global.set $next
    (i32.and (i32.add (i32.add (local.get $piece) (local.get $size)) (i32.const 15)) (i32.const -8)))
  (if (i32.gt_u (global.get $next) (global.get $end)) (then (global.set $next (global.get $end))))
  (local.get $piece))
(func $realloc (export "weft_realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
  (local $piece i32)
  (local.set $piece (call $alloc (local.get $size) (local.get $align)))
  (memory.copy (local.get $piece) (local.get $old)
    (select (local.get $old_size) (local.get $size) (i32.lt_u (local.get $old_size) (local.get $size))))
  (local.get $piece))
(func $dealloc (export "weft_dealloc") (param $ptr i32) (param $size i32) (param $align i32))
