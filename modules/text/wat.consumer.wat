;; The consumer of `wat`: `ping` and `blob`, by hand. docs/ABI.md says what is asked for; schemas/src says what a task reads and what its
;; digest is (digest.rs, ping.rs, blob.rs).
;;
;; A step of a digest, in each place where one is made: lane = rotl((lane ^ word) * prime, 31). The four lanes take words in turn.

(module
  (import "env" "memory" (memory 1))

  ;; What `rejected` returns.
  (global $rejected (mut i64) (i64.const 0))
  ;; The one block that there is to allocate: where it lies, and how many bytes it has. It lies in fresh pages, and is taken by one value
  ;; at a time.
  (global $block (mut i32) (i32.const 0))
  (global $room (mut i32) (i32.const 0))

  (func (export "rejected") (result i64) (global.get $rejected))

  ;; Takes fresh pages for so many bytes; returns their address, or status -17 where there are none.
  (func $pages (param $bytes i32) (result i64)
    (local $page i32)
    (local.set $page
      (memory.grow
        (i32.wrap_i64
          (i64.shr_u (i64.add (i64.extend_i32_u (local.get $bytes)) (i64.const 65535)) (i64.const 16)))))
    (if (i32.eq (local.get $page) (i32.const -1)) (then (return (i64.const -17))))
    (i64.shl (i64.extend_i32_u (local.get $page)) (i64.const 16)))

  (func (export "inbox") (param $capacity i32) (result i64) (call $pages (local.get $capacity)))

  ;; Running out of memory traps, as docs/ABI.md allows.
  (func $alloc (export "weft_alloc") (param $size i32) (param $align i32) (result i32)
    (local $pages i64)
    (if (i32.gt_u (local.get $size) (global.get $room))
      (then
        (local.set $pages (call $pages (local.get $size)))
        (if (i64.lt_s (local.get $pages) (i64.const 0)) (then (unreachable)))
        (global.set $block (i32.wrap_i64 (local.get $pages)))
        ;; All that was taken: whole pages.
        (global.set $room (i32.and (i32.add (local.get $size) (i32.const 65535)) (i32.const -65536)))))
    (global.get $block))

  (func $dealloc (export "weft_dealloc") (param $ptr i32) (param $size i32) (param $align i32))

  (func (export "weft_realloc") (param $ptr i32) (param $old i32) (param $align i32) (param $size i32) (result i32)
    (unreachable))

  ;; The status of a message that does not lie where it must, which is kept for `rejected`; otherwise 0.
  (func $misplaced (param $ptr i32) (param $len i32) (result i64)
    (if (i32.or
          (i32.eqz (local.get $ptr))
          (i64.gt_u
            (i64.add (i64.extend_i32_u (local.get $ptr)) (i64.extend_i32_u (local.get $len)))
            (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16))))
      (then (return (call $reject (local.get $ptr) (local.get $len) (i64.const -3)))))
    (if (i32.and (local.get $ptr) (i32.const 7))
      (then (return (call $reject (local.get $ptr) (local.get $len) (i64.const -5)))))
    (i64.const 0))

  (func $reject (param $ptr i32) (param $len i32) (param $status i64) (result i64)
    (global.set $rejected
      (i64.or (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32)) (i64.extend_i32_u (local.get $len))))
    (local.get $status))

  ;; The end of a digest.
  (func $finish (param $a i64) (param $b i64) (param $c i64) (param $d i64) (result i64)
    (call $close
      (i64.rotl
        (i64.mul
          (i64.xor (local.get $a) (i64.rotl (local.get $b) (i64.const 17)))
          (i64.const 0x9E3779B185EBCA87))
        (i64.const 31))
      (local.get $c)
      (local.get $d)))

  ;; The same, where a step was made of the first two lanes.
  (func $close (param $ab i64) (param $c i64) (param $d i64) (result i64)
    (local $mixed i64)
    (local.set $mixed
      (i64.rotl
        (i64.mul
          (i64.xor
            (local.get $ab)
            (i64.rotl
              (i64.mul
                (i64.xor (local.get $c) (i64.rotl (local.get $d) (i64.const 43)))
                (i64.const 0x9E3779B185EBCA87))
              (i64.const 31)))
          (i64.const 0x9E3779B185EBCA87))
        (i64.const 31)))
    (i64.and
      (i64.xor (local.get $mixed) (i64.shr_u (local.get $mixed) (i64.const 29)))
      (i64.const 0x7FFFFFFFFFFFFFFF)))

  ;; What becomes of a message that is no ping, or does not lie where it must.
  (func $refuse (param $ptr i32) (param $len i32) (result i64)
    (local $status i64)
    (local.set $status (call $misplaced (local.get $ptr) (local.get $len)))
    (select (i64.const -1) (local.get $status) (i64.eqz (local.get $status))))

  ;; sequence; source and flags, which lie at both ends of the second word.
  (func (export "receive_ping_peek") (param $ptr i32) (param $len i32) (result i64)
    (local $second i64)
    (local $mixed i64)
    ;; One comparison for all: in words of eight bytes, an address that is no multiple of eight is above every memory, and so is 0 less 1.
    (if (i32.or
          (i32.ne (local.get $len) (i32.const 16))
          (i32.ge_u
            (i32.sub (i32.rotr (local.get $ptr) (i32.const 3)) (i32.const 1))
            (i32.sub (i32.shl (memory.size) (i32.const 13)) (i32.const 2))))
      (then (return (call $refuse (local.get $ptr) (local.get $len)))))
    (local.set $second (i64.load offset=8 (local.get $ptr)))
    ;; Two lanes took a word. A step of the other two is a constant.
    (local.set $mixed
      (i64.rotl
        (i64.mul
          (i64.xor
            (i64.rotl
              (i64.mul
                (i64.xor
                  (i64.rotl
                    (i64.mul (i64.xor (i64.const 0x60EA27EEADC0B5D6) (i64.load (local.get $ptr))) (i64.const 0x9E3779B185EBCA87))
                    (i64.const 31))
                  (i64.rotl
                    (i64.mul (i64.xor (i64.const 0xC2B2AE3D27D4EB4F) (i64.or
                        (i64.and (local.get $second) (i64.const 0xFFFFFFFF))
                        (i64.shl (i64.shr_u (local.get $second) (i64.const 48)) (i64.const 32)))) (i64.const 0x9E3779B185EBCA87))
                    ;; 31, and then 43 of the fourth lane: 74, which is 10.
                    (i64.const 10)))
                (i64.const 0x9E3779B185EBCA87))
              (i64.const 31))
            (i64.const 0x67B845BBE9435934))
          (i64.const 0x9E3779B185EBCA87))
        (i64.const 31)))
    (i64.and
      (i64.xor (local.get $mixed) (i64.shr_u (local.get $mixed) (i64.const 29)))
      (i64.const 0x7FFFFFFFFFFFFFFF)))

  ;; The second word of the digest is that of the message.
  (func (export "receive_ping_scan") (export "receive_ping_own") (param $ptr i32) (param $len i32) (result i64)
    (local $mixed i64)
    ;; One comparison for all: in words of eight bytes, an address that is no multiple of eight is above every memory, and so is 0 less 1.
    (if (i32.or
          (i32.ne (local.get $len) (i32.const 16))
          (i32.ge_u
            (i32.sub (i32.rotr (local.get $ptr) (i32.const 3)) (i32.const 1))
            (i32.sub (i32.shl (memory.size) (i32.const 13)) (i32.const 2))))
      (then (return (call $refuse (local.get $ptr) (local.get $len)))))
    ;; Two lanes took a word. A step of the other two is a constant.
    (local.set $mixed
      (i64.rotl
        (i64.mul
          (i64.xor
            (i64.rotl
              (i64.mul
                (i64.xor
                  (i64.rotl
                    (i64.mul (i64.xor (i64.const 0x60EA27EEADC0B5D6) (i64.load (local.get $ptr))) (i64.const 0x9E3779B185EBCA87))
                    (i64.const 31))
                  (i64.rotl
                    (i64.mul (i64.xor (i64.const 0xC2B2AE3D27D4EB4F) (i64.load offset=8 (local.get $ptr))) (i64.const 0x9E3779B185EBCA87))
                    ;; 31, and then 43 of the fourth lane: 74, which is 10.
                    (i64.const 10)))
                (i64.const 0x9E3779B185EBCA87))
              (i64.const 31))
            (i64.const 0x67B845BBE9435934))
          (i64.const 0x9E3779B185EBCA87))
        (i64.const 31)))
    (i64.and
      (i64.xor (local.get $mixed) (i64.shr_u (local.get $mixed) (i64.const 29)))
      (i64.const 0x7FFFFFFFFFFFFFFF)))

  ;; The digest of three words.
  (func $three (param $first i64) (param $second i64) (param $third i64) (result i64)
    (call $finish
      (i64.const 0x61C8864E7A143579)
      (i64.rotl
        (i64.mul (i64.xor (i64.const 0x60EA27EEADC0B5D6) (local.get $first)) (i64.const 0x9E3779B185EBCA87))
        (i64.const 31))
      (i64.rotl
        (i64.mul (i64.xor (i64.const 0xC2B2AE3D27D4EB4F) (local.get $second)) (i64.const 0x9E3779B185EBCA87))
        (i64.const 31))
      (i64.rotl (i64.mul (local.get $third) (i64.const 0x9E3779B185EBCA87)) (i64.const 31))))

  ;; One to seven bytes as a word: two halves that may overlap, or the first, the middle and the last byte.
  (func $short (param $ptr i32) (param $len i32) (result i64)
    (if (result i64) (i32.ge_u (local.get $len) (i32.const 4))
      (then
        (i64.or
          (i64.load32_u (local.get $ptr))
          (i64.shl
            (i64.load32_u (i32.sub (i32.add (local.get $ptr) (local.get $len)) (i32.const 4)))
            (i64.const 32))))
      (else
        (i64.or
          (i64.load8_u (local.get $ptr))
          (i64.or
            (i64.shl
              (i64.load8_u (i32.add (local.get $ptr) (i32.shr_u (local.get $len) (i32.const 1))))
              (i64.const 8))
            (i64.shl
              (i64.load8_u (i32.sub (i32.add (local.get $ptr) (local.get $len)) (i32.const 1)))
              (i64.const 16)))))))

  ;; The length, the first eight bytes and the last; of a shorter blob its length, and what `scan` takes.
  (func (export "receive_blob_peek") (param $ptr i32) (param $len i32) (result i64)
    (local $status i64)
    (local.set $status (call $misplaced (local.get $ptr) (local.get $len)))
    (if (i64.lt_s (local.get $status) (i64.const 0)) (then (return (local.get $status))))
    (if (result i64) (i32.ge_u (local.get $len) (i32.const 8))
      (then
        (call $three
          (i64.extend_i32_u (local.get $len))
          (i64.load (local.get $ptr))
          (i64.load (i32.sub (i32.add (local.get $ptr) (local.get $len)) (i32.const 8)))))
      (else
        (if (result i64) (local.get $len)
          (then
            (call $three
              (i64.extend_i32_u (local.get $len))
              (i64.extend_i32_u (local.get $len))
              (call $short (local.get $ptr) (local.get $len))))
          ;; Of no bytes there are two words, and both are 0.
          (else (i64.const 0x3FD068D17EF5852D))))))

  (func (export "receive_blob_scan") (param $ptr i32) (param $len i32) (result i64)
    (local $status i64)
    (local.set $status (call $misplaced (local.get $ptr) (local.get $len)))
    (if (i64.lt_s (local.get $status) (i64.const 0)) (then (return (local.get $status))))
    (call $bytes (local.get $ptr) (local.get $len)))

  ;; Copies the blob into a block of its own, reads it there, and gives the block back. No block is needed for no bytes.
  (func (export "receive_blob_own") (param $ptr i32) (param $len i32) (result i64)
    (local $status i64)
    (local $block i32)
    (local $digest i64)
    (local.set $status (call $misplaced (local.get $ptr) (local.get $len)))
    (if (i64.lt_s (local.get $status) (i64.const 0)) (then (return (local.get $status))))
    (if (i32.eqz (local.get $len)) (then (return (call $bytes (local.get $ptr) (local.get $len)))))
    (local.set $block (call $alloc (local.get $len) (i32.const 1)))
    (memory.copy (local.get $block) (local.get $ptr) (local.get $len))
    (local.set $digest (call $bytes (local.get $block) (local.get $len)))
    (call $dealloc (local.get $block) (local.get $len) (i32.const 1))
    (local.get $digest))

  ;; The digest of bytes: their length, then words; the last one overlaps the one before it.
  (func $bytes (param $ptr i32) (param $len i32) (result i64)
    (local $end i32)
    (local $a i64)
    (local $b i64)
    (local $c i64)
    (local $d i64)
    (local $taken i64)
    (local.set $end (i32.add (local.get $ptr) (local.get $len)))
    ;; The lanes after the length.
    (local.set $a (i64.const 0xC2B2AE3D27D4EB4F))
    (local.set $b (i64.const 0))
    (local.set $c (i64.const 0x61C8864E7A143579))
    (local.set $d
      (i64.rotl
        (i64.mul
          (i64.xor (i64.const 0x60EA27EEADC0B5D6) (i64.extend_i32_u (local.get $len)))
          (i64.const 0x9E3779B185EBCA87))
        (i64.const 31)))
    (if (i32.lt_u (local.get $len) (i32.const 8))
      (then
        (if (i32.eqz (local.get $len))
          (then (return (call $finish (local.get $a) (local.get $b) (local.get $c) (local.get $d)))))
        (return
          (call $finish
            (local.get $b)
            (local.get $c)
            (local.get $d)
            (i64.rotl
              (i64.mul
                (i64.xor (local.get $a) (call $short (local.get $ptr) (local.get $len)))
                (i64.const 0x9E3779B185EBCA87))
              (i64.const 31))))))
    ;; Blocks of 32 bytes, a word for each lane, as long as something follows.
    (if (i32.gt_u (local.get $len) (i32.const 32))
      (then
        (loop $blocks
          (local.set $a
            (i64.rotl
              (i64.mul (i64.xor (local.get $a) (i64.load (local.get $ptr))) (i64.const 0x9E3779B185EBCA87))
              (i64.const 31)))
          (local.set $b
            (i64.rotl
              (i64.mul (i64.xor (local.get $b) (i64.load offset=8 (local.get $ptr))) (i64.const 0x9E3779B185EBCA87))
              (i64.const 31)))
          (local.set $c
            (i64.rotl
              (i64.mul (i64.xor (local.get $c) (i64.load offset=16 (local.get $ptr))) (i64.const 0x9E3779B185EBCA87))
              (i64.const 31)))
          (local.set $d
            (i64.rotl
              (i64.mul (i64.xor (local.get $d) (i64.load offset=24 (local.get $ptr))) (i64.const 0x9E3779B185EBCA87))
              (i64.const 31)))
          (local.set $ptr (i32.add (local.get $ptr) (i32.const 32)))
          (br_if $blocks (i32.gt_u (i32.sub (local.get $end) (local.get $ptr)) (i32.const 32))))))
    ;; Up to four words more, each for the next lane; the last ends with the blob.
    (loop $words
      (if (i32.gt_u (i32.sub (local.get $end) (local.get $ptr)) (i32.const 8))
        (then (local.set $taken (i64.load (local.get $ptr))))
        (else
          (local.set $taken (i64.load (i32.sub (local.get $end) (i32.const 8))))))
      (local.set $taken
        (i64.rotl (i64.mul (i64.xor (local.get $a) (local.get $taken)) (i64.const 0x9E3779B185EBCA87)) (i64.const 31)))
      (local.set $a (local.get $b))
      (local.set $b (local.get $c))
      (local.set $c (local.get $d))
      (local.set $d (local.get $taken))
      (local.set $ptr (i32.add (local.get $ptr) (i32.const 8)))
      ;; Not past the end by now: a signed difference.
      (br_if $words (i32.gt_s (i32.sub (local.get $end) (local.get $ptr)) (i32.const 0))))
    (call $finish (local.get $a) (local.get $b) (local.get $c) (local.get $d))))
