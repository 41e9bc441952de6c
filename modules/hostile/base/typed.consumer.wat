;; The honest consumer of attacks on typed messages: its answer is the sum of the first and the last number of the first record; of a dark
;; one, the first word of its text. Where it is asked for an answer, that is the record. It trusts what it is given, as docs/ABI.md says,
;; but says so where a record is none. Numbers that begin with 1 are the attack's.
;;
;; It keeps the same marks as the consumer of bytes.

(import "env" "memory" (memory $memory 274))

(@custom "weft.types" "blob shade (enum \"light\" \"dark\")\nblob entry (record (field \"shade\" $shade) (field \"text\" string) (field \"numbers\" (list u32)))\nblob 20 (list $entry)\n")

(global $outbox (mut i32) (i32.const 0))

(start $start)
(func $start
  (call $mark (i32.const 0x10f0000) (i32.const 0x10000) (i64.const 0x3a6b636174733a43))   ;; C:stack:
  (call $mark (i32.const 0x1100000) (i32.const 0x10000) (i64.const 0x433a617461643a43)))  ;; C:data:C

;; Fills `len` bytes at `at` with a word.
(func $mark (param $at i32) (param $len i32) (param $word i64)
  (loop $again
    (local.set $len (i32.sub (local.get $len) (i32.const 8)))
    (i64.store (i32.add (local.get $at) (local.get $len)) (local.get $word))
    (br_if $again (local.get $len))))

(func $inbox (export "inbox") (param $capacity i32) (result i64) (local $inbox i32)
  (local.set $inbox (call $pages (local.get $capacity)))
  (call $mark (i32.add (local.get $inbox) (local.get $capacity)) (i32.const 0x10000) (i64.const 0x433a706165683a43))  ;; C:heap:C
  (i64.extend_i32_u (local.get $inbox)))

;; So many bytes of fresh memory, and a page behind them.
(func $pages (param $capacity i32) (result i32)
  (i32.shl
    (memory.grow (i32.add (i32.shr_u (local.get $capacity) (i32.const 16)) (i32.const 1)))
    (i32.const 16)))

;; Whether a record is none: there is no such shade, or its text is no ASCII, as all honest ones are.
(func $is_none (param $ptr i32) (result i32)
  (if (i32.gt_u (i32.load8_u (local.get $ptr)) (i32.const 1)) (then (return (i32.const 1))))
  (if (i32.lt_u (i32.load offset=8 (local.get $ptr)) (i32.const 8)) (then (return (i32.const 0))))
  (i64.ne
    (i64.and (i64.load (i32.load offset=4 (local.get $ptr))) (i64.const 0x8080808080808080))
    (i64.const 0)))

;; Where it answers.
(func $outbox (export "outbox") (param $capacity i32) (result i64)
  (global.set $outbox (call $pages (local.get $capacity)))
  (call $mark (i32.add (global.get $outbox) (i32.const 0x8000)) (i32.const 0x8000) (i64.const 0x746e65736e753a43))  ;; C:unsent
  (i64.extend_i32_u (global.get $outbox)))

(func $receive (export "receive_blob_peek") (param $ptr i32) (param $len i32) (result i64) (local $list i32)
  (if (i32.eqz (local.get $len)) (then (return (i64.const 0))))
  (if (call $is_none (local.get $ptr)) (then (return (i64.const 0x64726f6365723a43))))  ;; C:record
  (local.set $list (i32.load offset=12 (local.get $ptr)))
  (if (i32.eq (i32.load8_u (local.get $ptr)) (i32.const 1))
    (then (return (i64.and (i64.load (i32.load offset=4 (local.get $ptr))) (i64.const 0x7fffffffffffffff)))))
  (if (i32.eqz (i32.load offset=16 (local.get $ptr))) (then (return (i64.const 0))))
  (if (i32.eq (i32.load (local.get $list)) (i32.const 1))
    (then (return (call $attack (local.get $ptr) (local.get $len)))))
  (call $read (local.get $ptr) (local.get $len)))

;; Takes the message over, and answers with its first record, whose text and numbers stay where they are.
(func $reply (export "receive_blob_reply") (param $ptr i32) (param $len i32) (result i64)
  (memory.copy (global.get $outbox) (local.get $ptr) (i32.const 20))
  (if (i32.eq (i32.load (i32.load offset=12 (local.get $ptr))) (i32.const 1)) (then (return (call $answer))))
  (call $place (global.get $outbox) (i32.const 1)))

;; The answer to the attack's message.
(func $answer (result i64)
  (call $place (global.get $outbox) (i32.const 1)))

;; A place as a result.
(func $place (param $ptr i32) (param $len i32) (result i64)
  (i64.or (i64.shl (i64.extend_i32_u (local.get $len)) (i64.const 32)) (i64.extend_i32_u (local.get $ptr))))

(func $attack (param $ptr i32) (param $len i32) (result i64)
  (call $read (local.get $ptr) (local.get $len)))

(func $read (param $ptr i32) (param $len i32) (result i64) (local $list i32)
  (local.set $list (i32.load offset=12 (local.get $ptr)))
  (i64.add
    (i64.load32_u (local.get $list))
    (i64.load32_u (i32.add
      (local.get $list)
      (i32.shl (i32.sub (i32.load offset=16 (local.get $ptr)) (i32.const 1)) (i32.const 2))))))

;; Everything of a message, or of an answer, is given back at once.
(func $drop (export "drop_blob") (param $ptr i32) (param $len i32)
  (global.set $next (global.get $room)))

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
