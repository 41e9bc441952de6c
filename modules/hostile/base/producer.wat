;; The honest producer of the attacks (docs/ISOLATION.md). It sends one kind of message, `blob`: eight words, which count from the
;; message's number on. Number 1 is the attack's: `$attack`. Number 3 is cut behind its first word, which is 1.
;;
;; In each part of its memory that is nobody else's it keeps a mark: a page of static data, a page of stack, a page of heap right behind its
;; outbox, and half of the outbox, which it never sends.

(import "env" "memory" (memory $memory 4))
(import "weft" "send" (func $send (param i32 i32) (result i64)))

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

;; Takes whole pages, and one more, which is its heap.
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

;; Where answers are put.
(func $inbox (export "inbox") (param $capacity i32) (result i64)
  (i64.extend_i32_u (call $pages (local.get $capacity))))

(func $produce (export "produce_blob") (param $first i32) (param $count i32) (result i64)
  (call $all (local.get $first) (local.get $count) (i32.const 0)))

;; The same, and reads each answer.
(func $request (export "request_blob") (param $first i32) (param $count i32) (result i64)
  (call $all (local.get $first) (local.get $count) (i32.const 1)))

(func $all (param $number i32) (param $count i32) (param $answered i32) (result i64) (local $sum i64) (local $result i64)
  (loop $again
    (if (i32.eq (local.get $number) (i32.const 1))
      (then (local.set $result (call $attack)))
      (else (local.set $result (call $honest (local.get $number) (local.get $answered)))))
    (if (i64.lt_s (local.get $result) (i64.const 0)) (then (return (local.get $result))))
    (local.set $sum (i64.and (i64.add (local.get $sum) (local.get $result)) (i64.const 0x7fffffffffffffff)))
    (local.set $number (i32.add (local.get $number) (i32.const 1)))
    (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
  (local.get $sum))

(func $attack (result i64)
  (call $honest (i32.const 1) (global.get $answers)))

;; Whether the last message was answered.
(global $answers (mut i32) (i32.const 0))

(func $honest (param $number i32) (param $answered i32) (result i64) (local $len i32) (local $came i64)
  (global.set $answers (local.get $answered))
  (local.set $len (i32.const 64))
  (if (i32.eq (local.get $number) (i32.const 3))
    (then (local.set $number (i32.const 1)) (local.set $len (i32.const 8))))
  (call $write (local.get $number))
  (local.set $came (call $send (global.get $outbox) (local.get $len)))
  (if (i32.eqz (call $is (local.get $number))) (then (return (i64.const 0x65676e6168633a50))))  ;; P:change
  (if (i32.or (i64.lt_s (local.get $came) (i64.const 0)) (i32.eqz (local.get $answered)))
    (then (return (local.get $came))))
  (call $read (i32.wrap_i64 (local.get $came)) (i32.wrap_i64 (i64.shr_u (local.get $came) (i64.const 32)))))

;; Writes the words of a message.
(func $write (param $number i32) (local $at i32)
  (loop $again
    (i64.store
      (i32.add (global.get $outbox) (i32.shl (local.get $at) (i32.const 3)))
      (i64.extend_i32_u (i32.add (local.get $number) (local.get $at))))
    (br_if $again (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (i32.const 8)))))

;; Whether they are still there.
(func $is (param $number i32) (result i32) (local $at i32)
  (loop $again
    (if (i64.ne
          (i64.load (i32.add (global.get $outbox) (i32.shl (local.get $at) (i32.const 3))))
          (i64.extend_i32_u (i32.add (local.get $number) (local.get $at))))
      (then (return (i32.const 0))))
    (br_if $again (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (i32.const 8))))
  (i32.const 1))

;; Reads an answer, as `receive` reads a message; one that lies nowhere is −20.
(func $read (param $ptr i32) (param $len i32) (result i64)
  (if (i32.or
        (i32.or (i32.eqz (local.get $ptr)) (i32.and (local.get $ptr) (i32.const 7)))
        (i64.gt_u
          (i64.add (i64.extend_i32_u (local.get $ptr)) (i64.extend_i32_u (local.get $len)))
          (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16))))
    (then (return (i64.const -20))))
  (if (i32.lt_u (local.get $len) (i32.const 8)) (then (return (i64.const -1))))
  (if (i32.lt_u (local.get $len) (i32.const 16))
    (then (return (i64.and (i64.load (local.get $ptr)) (i64.const 0x7fffffffffffffff)))))
  (i64.and
    (i64.add
      (i64.load (local.get $ptr))
      (i64.load (i32.sub (i32.add (local.get $ptr) (local.get $len)) (i32.const 8))))
    (i64.const 0x7fffffffffffffff)))
