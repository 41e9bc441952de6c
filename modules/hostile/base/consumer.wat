;; The honest consumer of the attacks (docs/ISOLATION.md). It reads a `blob` of eight words that count up: its answer is the sum of the first
;; and the last, which it reads twice: to check them, and to add them. A message that begins with 1 is the attack's: `$attack`. A message
;; that counts up it has checked, and remembers; an empty one makes it read that again.
;;
;; In each part of its memory that is nobody else's it keeps a mark: a page of stack below 17 MiB, a page of static data at 17 MiB, a page of
;; heap right behind its inbox, and half of the outbox for its answers, which it never sends.

(import "env" "memory" (memory $memory 274))

(global $kept (mut i32) (i32.const 0))
(global $checked (mut i64) (i64.const 0))
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

;; Takes whole pages, and one more, which is its heap.
(func $inbox (export "inbox") (param $capacity i32) (result i64) (local $inbox i32)
  (local.set $inbox (call $pages (local.get $capacity)))
  (call $mark (i32.add (local.get $inbox) (local.get $capacity)) (i32.const 0x10000) (i64.const 0x433a706165683a43))  ;; C:heap:C
  (i64.extend_i32_u (local.get $inbox)))

;; So many bytes of fresh memory, and a page behind them.
(func $pages (param $capacity i32) (result i32)
  (i32.shl
    (memory.grow (i32.add (i32.shr_u (local.get $capacity) (i32.const 16)) (i32.const 1)))
    (i32.const 16)))

;; Where it answers.
(func $outbox (export "outbox") (param $capacity i32) (result i64)
  (global.set $outbox (call $pages (local.get $capacity)))
  (call $mark (i32.add (global.get $outbox) (i32.const 0x8000)) (i32.const 0x8000) (i64.const 0x746e65736e753a43))  ;; C:unsent
  (i64.extend_i32_u (global.get $outbox)))

(func $receive (export "receive_blob_peek") (param $ptr i32) (param $len i32) (result i64) (local $status i64)
  (local.set $status (call $check (local.get $ptr) (local.get $len)))
  (if (i64.lt_s (local.get $status) (i64.const 0)) (then (return (local.get $status))))
  (if (i32.eqz (local.get $len)) (then (return (call $again))))
  (if (i64.eq (i64.load (local.get $ptr)) (i64.const 1))
    (then (return (call $attack (local.get $ptr) (local.get $len)))))
  (call $read (local.get $ptr) (local.get $len)))

;; The same, and answers with the same words.
(func $reply (export "receive_blob_reply") (param $ptr i32) (param $len i32) (result i64) (local $status i64)
  (local.set $status (call $check (local.get $ptr) (local.get $len)))
  (if (i64.lt_s (local.get $status) (i64.const 0)) (then (return (local.get $status))))
  (memory.copy (global.get $outbox) (local.get $ptr) (local.get $len))
  (if (i64.eq (i64.load (local.get $ptr)) (i64.const 1))
    (then (return (call $attack (local.get $ptr) (local.get $len)))))
  (call $place (global.get $outbox) (local.get $len)))

;; A place as a result.
(func $place (param $ptr i32) (param $len i32) (result i64)
  (i64.or (i64.shl (i64.extend_i32_u (local.get $len)) (i64.const 32)) (i64.extend_i32_u (local.get $ptr))))

(func $attack (param $ptr i32) (param $len i32) (result i64)
  (call $read (local.get $ptr) (local.get $len)))

;; What `receive` checks first: a status, or 0.
(func $check (param $ptr i32) (param $len i32) (result i64)
  (if (i32.or
        (i32.eqz (local.get $ptr))
        (i64.gt_u
          (i64.add (i64.extend_i32_u (local.get $ptr)) (i64.extend_i32_u (local.get $len)))
          (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16))))
    (then (return (call $refuse (local.get $ptr) (local.get $len) (i64.const -3)))))
  (if (i32.and (local.get $ptr) (i32.const 7))
    (then (return (call $refuse (local.get $ptr) (local.get $len) (i64.const -5)))))
  (if (i32.and (i32.gt_u (local.get $len) (i32.const 0)) (i32.lt_u (local.get $len) (i32.const 8)))
    (then (return (i64.const -1))))
  (i64.const 0))

(func $read (param $ptr i32) (param $len i32) (result i64) (local $first i64) (local $last i64)
  (local.set $first (i64.load (local.get $ptr)))
  (if (i32.lt_u (local.get $len) (i32.const 16))
    (then (return (i64.and (local.get $first) (i64.const 0x7fffffffffffffff)))))
  (local.set $last
    (i64.load (i32.and (i32.sub (i32.add (local.get $ptr) (local.get $len)) (i32.const 8)) (i32.const -8))))
  (if (i64.eq
        (i64.sub (local.get $last) (local.get $first))
        (i64.extend_i32_u (i32.sub (i32.shr_u (local.get $len) (i32.const 3)) (i32.const 1))))
    (then (global.set $kept (local.get $ptr)) (global.set $checked (local.get $first))))
  (call $add (local.get $ptr) (local.get $len) (i64.add (local.get $first) (local.get $last))))

;; Reads once more what was checked, as whoever trusts a check does, and adds it.
(func $add (param $ptr i32) (param $len i32) (param $checked i64) (result i64) (local $sum i64)
  (local.set $sum
    (i64.add
      (i64.load (local.get $ptr))
      (i64.load (i32.and (i32.sub (i32.add (local.get $ptr) (local.get $len)) (i32.const 8)) (i32.const -8)))))
  (if (i64.ne (local.get $sum) (local.get $checked)) (then (return (i64.const 0x65676e6168633a43))))  ;; C:change
  (i64.and (local.get $sum) (i64.const 0x7fffffffffffffff)))

;; Reads again what it has checked.
(func $again (result i64)
  (if (i32.eqz (global.get $kept)) (then (return (i64.const 0))))
  (if (i64.eq (i64.load (global.get $kept)) (global.get $checked)) (then (return (i64.const 0))))
  (i64.const 0x65676e6168633a43))  ;; C:change

(global $rejected (mut i64) (i64.const 0))
(func $refuse (param $ptr i32) (param $len i32) (param $status i64) (result i64)
  (global.set $rejected (call $place (local.get $len) (local.get $ptr)))
  (local.get $status))
(func $rejected (export "rejected") (result i64) (global.get $rejected))

;; The allocator: two pieces of half a page, in turns; pages of their own for whoever asks for more.
(global $pieces (mut i32) (i32.const 0))
(global $other (mut i32) (i32.const 0))
(func $alloc (export "weft_alloc") (param $size i32) (param $align i32) (result i32)
  (if (i32.gt_u (local.get $size) (i32.const 0x8000)) (then (return (call $pages (local.get $size)))))
  (if (i32.eqz (global.get $pieces)) (then (global.set $pieces (call $pages (i32.const 0)))))
  (global.set $other (i32.xor (global.get $other) (i32.const 0x8000)))
  (i32.add (global.get $pieces) (global.get $other)))
(func $dealloc (export "weft_dealloc") (param $ptr i32) (param $size i32) (param $align i32))
