;; The producer of `wat`: `ping` and `blob`, by hand. docs/ABI.md says what is asked for; schemas/src says what the values are.
;;
;; A ping is 16 bytes: sequence (8), source (4), kind (2), flags (2), little-endian; a blob is its bytes. The values lie in fresh pages,
;; and so does the outbox: there is no stack and no static data, and nothing that another guest in the same memory could have.

(module
  (import "env" "memory" (memory 1))
  (import "weft" "send" (func $send (param $ptr i32) (param $len i32) (result i64)))

  (@custom "weft.traits" "{\"abi\": 1, \"about\": \"written by hand in WebAssembly text, which shows what compiled codecs are beside it\", \"role\": \"codec\", \"library\": \"\", \"schema\": false, \"evolution\": \"no\", \"self_describing\": false, \"encodes\": true, \"in_place\": true, \"validates\": \"lazily\", \"scan_checks_utf8\": false, \"trailing_bytes\": false, \"reuses_buffers\": true, \"unsupported\": {\"reply\": \"its guests are written by hand one way\", \"*\": \"written by hand for ping and blob\"}}")

  ;; What is prepared: 0 nothing, 1 pings, 2 blobs; how many values there are, how long each is, where they lie and how far apart.
  (global $kind (mut i32) (i32.const 0))
  (global $count (mut i32) (i32.const 0))
  (global $size (mut i32) (i32.const 0))
  (global $values (mut i32) (i32.const 0))
  (global $stride (mut i32) (i32.const 0))
  ;; Where messages are written; 0 before there is an outbox.
  (global $message (mut i32) (i32.const 0))

  ;; The state of the random generator, SplitMix64 (schemas/src/random.rs).
  (global $state (mut i64) (i64.const 0))

  (func $seed (param $seed i64) (param $index i32)
    (global.set $state
      (i64.xor (local.get $seed) (i64.mul (i64.extend_i32_u (local.get $index)) (i64.const 0xD1B54A32D192ED03))))
    (drop (call $random)))

  (func $random (result i64)
    (local $z i64)
    (global.set $state (i64.add (global.get $state) (i64.const 0x9E3779B97F4A7C15)))
    (local.set $z (global.get $state))
    (local.set $z
      (i64.mul (i64.xor (local.get $z) (i64.shr_u (local.get $z) (i64.const 30))) (i64.const 0xBF58476D1CE4E5B9)))
    (local.set $z
      (i64.mul (i64.xor (local.get $z) (i64.shr_u (local.get $z) (i64.const 27))) (i64.const 0x94D049BB133111EB)))
    (i64.xor (local.get $z) (i64.shr_u (local.get $z) (i64.const 31))))

  ;; Whether a seed makes watermarked messages (schemas/src/watermark.rs).
  (func $marked (param $seed i64) (result i32)
    (i64.eq (local.get $seed) (i64.const 0x57415445524D4B53)))

  ;; Whether a seed makes messages at the edges (schemas/src/edges.rs).
  (func $at_edges (param $seed i64) (result i32)
    (i64.eq (local.get $seed) (i64.const 0x45444745535F3031)))

  ;; A digit of base 62: 0-9, A-Z, a-z.
  (func $digit (param $n i32) (result i64)
    (local.set $n (i32.rem_u (local.get $n) (i32.const 62)))
    (i64.extend_i32_u
      (i32.add
        (local.get $n)
        (select
          (i32.const 48)
          (select (i32.const 55) (i32.const 61) (i32.lt_u (local.get $n) (i32.const 36)))
          (i32.lt_u (local.get $n) (i32.const 10))))))

  ;; The last three digits of a number, the highest first, from the lowest byte on.
  (func $digits (param $n i32) (result i64)
    (i64.or
      (i64.or
        (call $digit (i32.div_u (local.get $n) (i32.const 3844)))
        (i64.shl (call $digit (i32.div_u (local.get $n) (i32.const 62))) (i64.const 8)))
      (i64.shl (call $digit (local.get $n)) (i64.const 16))))

  ;; A word of a watermark: `W`, three digits of the message's number, four of the word's.
  (func $word (param $message i32) (param $word i32) (result i64)
    (i64.or
      (i64.or (i64.const 0x57) (i64.shl (call $digits (local.get $message)) (i64.const 8)))
      (i64.or
        (i64.shl (call $digit (i32.div_u (local.get $word) (i32.const 238328))) (i64.const 32))
        (i64.shl (call $digits (local.get $word)) (i64.const 40)))))

  ;; The allocator: fresh pages, which are never given back. 0 where there are none.
  (func $alloc (export "weft_alloc") (param $size i32) (param $align i32) (result i32)
    (local $page i32)
    (local.set $page
      (memory.grow
        (i32.wrap_i64
          (i64.shr_u (i64.add (i64.extend_i32_u (local.get $size)) (i64.const 65535)) (i64.const 16)))))
    (select
      (i32.const 0)
      (i32.shl (local.get $page) (i32.const 16))
      (i32.eq (local.get $page) (i32.const -1))))

  (func (export "weft_realloc") (param $ptr i32) (param $old i32) (param $align i32) (param $size i32) (result i32)
    (unreachable))

  (func (export "weft_dealloc") (param $ptr i32) (param $size i32) (param $align i32))

  ;; Finds room for the values. Returns how many bytes the outbox must have, or a status.
  (func $prepare (param $kind i32) (param $size i32) (param $count i32) (result i64)
    (local $bytes i64)
    (if (i32.or (i32.eqz (local.get $count)) (global.get $kind)) (then (return (i64.const -19))))
    (global.set $kind (local.get $kind))
    (global.set $count (local.get $count))
    (global.set $size (local.get $size))
    ;; A line of the cache for the length, and one more than a value needs: values then begin in different sets of the cache.
    (global.set $stride (i32.and (i32.add (local.get $size) (i32.const 191)) (i32.const -64)))
    (local.set $bytes
      (i64.mul (i64.extend_i32_u (global.get $stride)) (i64.extend_i32_u (local.get $count))))
    (if (i64.gt_u (local.get $bytes) (i64.const 0xFFFFFFFF)) (then (return (i64.const -17))))
    (global.set $values (call $alloc (i32.wrap_i64 (local.get $bytes)) (i32.const 64)))
    (if (i32.eqz (global.get $values)) (then (return (i64.const -17))))
    (i64.add (i64.extend_i32_u (local.get $size)) (i64.const 4096)))

  (func $value (param $index i32) (result i32)
    (i32.add (global.get $values) (i32.mul (local.get $index) (global.get $stride))))

  (func (export "prepare_ping") (param $size i32) (param $count i32) (param $seed i64) (result i64)
    (local $capacity i64)
    (local $index i32)
    (if (i32.ne (local.get $size) (i32.const 1)) (then (return (i64.const -19))))
    (local.set $capacity (call $prepare (i32.const 1) (i32.const 16) (local.get $count)))
    (if (i64.lt_s (local.get $capacity) (i64.const 0)) (then (return (local.get $capacity))))
    (loop $each
      (call $ping (call $value (local.get $index)) (local.get $index) (local.get $seed))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $each (i32.lt_u (local.get $index) (local.get $count))))
    (local.get $capacity))

  ;; Generates a ping. Its numbers lie as in the message; source, kind and flags are the second word.
  (func $ping (param $at i32) (param $index i32) (param $seed i64)
    (local $sequence i64)
    (local $third i32)
    (if (call $marked (local.get $seed))
      (then
        (i64.store (local.get $at) (call $word (local.get $index) (i32.const 0)))
        (i64.store offset=8 (local.get $at) (i64.const 0x0003000200000001))
        (return)))
    (if (call $at_edges (local.get $seed))
      (then
        (i64.store (local.get $at) (call $ends (local.get $index) (i64.const 0x7FFFFFFFFFFFFFFF)))
        (i64.store offset=8 (local.get $at) (call $ends (local.get $index) (i64.const 0x7FFF7FFF7FFFFFFF)))
        (return)))
    (call $seed (local.get $seed) (local.get $index))
    (local.set $sequence (call $random))
    ;; The highest bit of a seed makes wild messages.
    (if (i64.lt_s (local.get $seed) (i64.const 0))
      (then
        (local.set $third (i32.rem_u (local.get $index) (i32.const 3)))
        (if (i32.lt_u (local.get $third) (i32.const 2))
          (then (local.set $sequence (i64.sub (i64.const 0) (i64.extend_i32_u (local.get $third)))))))
      (else (local.set $sequence (i64.shr_u (local.get $sequence) (i64.const 16)))))
    (i64.store (local.get $at) (local.get $sequence))
    (i64.store offset=8 (local.get $at) (call $random)))

  ;; Numbers at their ends, all in one word: the smallest, the largest, their highest bit alone, and all but that, which `$rest` is.
  (func $ends (param $index i32) (param $rest i64) (result i64)
    (local.set $index (i32.and (local.get $index) (i32.const 3)))
    (if (i32.eqz (local.get $index)) (then (return (i64.const 0))))
    (if (i32.eq (local.get $index) (i32.const 1)) (then (return (i64.const -1))))
    (if (i32.eq (local.get $index) (i32.const 2)) (then (return (i64.xor (local.get $rest) (i64.const -1)))))
    (local.get $rest))

  (func (export "prepare_blob") (param $size i32) (param $count i32) (param $seed i64) (result i64)
    (local $capacity i64)
    (local $index i32)
    (if (i32.gt_u (i32.sub (local.get $size) (i32.const 1)) (i32.const 0x0FFFFFFF)) (then (return (i64.const -19))))
    (local.set $capacity (call $prepare (i32.const 2) (local.get $size) (local.get $count)))
    (if (i64.lt_s (local.get $capacity) (i64.const 0)) (then (return (local.get $capacity))))
    (loop $each
      (call $blob (call $value (local.get $index)) (local.get $index) (local.get $seed))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $each (i32.lt_u (local.get $index) (local.get $count))))
    (local.get $capacity))

  ;; How many bytes a blob has: at the edges none, few, an odd number, or all.
  (func $length (param $index i32) (param $seed i64) (result i32)
    (local $length i32)
    (if (i32.eqz (call $at_edges (local.get $seed))) (then (return (global.get $size))))
    (local.set $index (i32.rem_u (local.get $index) (i32.const 7)))
    (local.set $length (global.get $size))
    (if (i32.eq (local.get $index) (i32.const 5))
      (then
        (local.set $length
          (i32.sub (local.get $length) (i32.rem_u (i32.add (local.get $length) (i32.const 1)) (i32.const 2))))))
    (if (i32.eq (local.get $index) (i32.const 4)) (then (local.set $length (i32.const 8))))
    (if (i32.lt_u (local.get $index) (i32.const 4)) (then (local.set $length (local.get $index))))
    (select (local.get $length) (global.get $size) (i32.lt_u (local.get $length) (global.get $size))))

  ;; Generates a blob: its length, and in the next line of the cache its bytes, in words. What the last word has beyond the blob lies
  ;; between two values.
  (func $blob (param $at i32) (param $index i32) (param $seed i64)
    (local $end i32)
    (local $words i32)
    (local $marked i32)
    (local $full i32)
    (i32.store (local.get $at) (call $length (local.get $index) (local.get $seed)))
    (local.set $end (i32.add (i32.add (local.get $at) (i32.const 64)) (i32.load (local.get $at))))
    (local.set $at (i32.add (local.get $at) (i32.const 64)))
    (local.set $marked (call $marked (local.get $seed)))
    ;; A watermark has no part of a word: what is left is zero, as fresh pages are.
    (if (local.get $marked)
      (then (local.set $end (i32.sub (local.get $end) (i32.and (global.get $size) (i32.const 7))))))
    ;; Every other edge has all bits.
    (local.set $full
      (i32.and (call $at_edges (local.get $seed)) (i32.eqz (i32.and (local.get $index) (i32.const 1)))))
    (call $seed (local.get $seed) (local.get $index))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (if (local.get $marked)
          (then (i64.store (local.get $at) (call $word (local.get $index) (local.get $words))))
          (else
            (i64.store (local.get $at) (select (i64.const -1) (call $random) (local.get $full)))))
        (local.set $words (i32.add (local.get $words) (i32.const 1)))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $each))))

  (func (export "outbox") (param $capacity i32) (result i64)
    (local $outbox i32)
    (if (i32.lt_u (local.get $capacity) (i32.add (global.get $size) (i32.const 4096))) (then (return (i64.const -17))))
    (local.set $outbox (call $alloc (local.get $capacity) (i32.const 65536)))
    (if (i32.eqz (local.get $outbox)) (then (return (i64.const -17))))
    ;; Not at the start of a page: a copy between places whose addresses agree in the lower twelve bits is slow on some processors.
    (global.set $message (i32.add (local.get $outbox) (i32.const 1472)))
    (i64.extend_i32_u (local.get $outbox)))

  ;; The status of a producer that cannot produce `$kind` from number `$first` on; 0 where it can.
  (func $unable (param $kind i32) (param $first i32) (result i64)
    (if (i32.or (i32.ne (global.get $kind) (local.get $kind)) (i32.eqz (global.get $message)))
      (then (return (i64.const -16))))
    (select (i64.const -19) (i64.const 0) (i32.ge_u (local.get $first) (global.get $count))))

  ;; As many values as follow one another up to the last, at most `$count`: how far they reach, in bytes.
  (func $run (param $value i32) (param $count i32) (result i32)
    (local $left i32)
    (local $wanted i64)
    (local.set $left
      (i32.sub
        (i32.add (global.get $values) (i32.mul (global.get $count) (global.get $stride)))
        (local.get $value)))
    (local.set $wanted (i64.mul (i64.extend_i32_u (local.get $count)) (i64.extend_i32_u (global.get $stride))))
    (if (result i32) (i64.lt_u (local.get $wanted) (i64.extend_i32_u (local.get $left)))
      (then (i32.wrap_i64 (local.get $wanted)))
      (else (local.get $left))))

  (func (export "produce_ping") (param $index i32) (param $count i32) (result i64)
    (local $value i32)
    (local $stop i32)
    (local $stride i32)
    (local $message i32)
    (local $sum i64)
    (local $result i64)
    (local.set $result (call $unable (i32.const 1) (local.get $index)))
    (if (i64.lt_s (local.get $result) (i64.const 0)) (then (return (local.get $result))))
    (local.set $message (global.get $message))
    (local.set $stride (global.get $stride))
    (local.set $value (call $value (local.get $index)))
    (block $failed
      (loop $round
        (if (i32.eqz (local.get $count)) (then (return (local.get $sum))))
        (local.set $stop (i32.add (local.get $value) (call $run (local.get $value) (local.get $count))))
        (local.set $count
          (i32.sub
            (local.get $count)
            (i32.div_u (i32.sub (local.get $stop) (local.get $value)) (local.get $stride))))
        (loop $each
          (i64.store (local.get $message) (i64.load (local.get $value)))
          (i64.store offset=8 (local.get $message) (i64.load offset=8 (local.get $value)))
          (br_if $failed
            (i64.lt_s
              (local.tee $result (call $send (local.get $message) (i32.const 16)))
              (i64.const 0)))
          (local.set $sum (i64.add (local.get $sum) (local.get $result)))
          (br_if $each
            (i32.ne
              (local.tee $value (i32.add (local.get $value) (local.get $stride)))
              (local.get $stop))))
        (local.set $sum (i64.and (local.get $sum) (i64.const 0x7FFFFFFFFFFFFFFF)))
        (local.set $value (global.get $values))
        (br $round)))
    (local.get $result))

  (func (export "produce_blob") (param $index i32) (param $count i32) (result i64)
    (local $value i32)
    (local $stop i32)
    (local $stride i32)
    (local $message i32)
    (local $len i32)
    (local $sum i64)
    (local $result i64)
    (local.set $result (call $unable (i32.const 2) (local.get $index)))
    (if (i64.lt_s (local.get $result) (i64.const 0)) (then (return (local.get $result))))
    (local.set $message (global.get $message))
    (local.set $stride (global.get $stride))
    (local.set $value (call $value (local.get $index)))
    (block $failed
      (loop $round
        (if (i32.eqz (local.get $count)) (then (return (local.get $sum))))
        (local.set $stop (i32.add (local.get $value) (call $run (local.get $value) (local.get $count))))
        (local.set $count
          (i32.sub
            (local.get $count)
            (i32.div_u (i32.sub (local.get $stop) (local.get $value)) (local.get $stride))))
        (loop $each
          (memory.copy
            (local.get $message)
            (i32.add (local.get $value) (i32.const 64))
            (local.tee $len (i32.load (local.get $value))))
          (br_if $failed
            (i64.lt_s
              (local.tee $result (call $send (local.get $message) (local.get $len)))
              (i64.const 0)))
          (local.set $sum (i64.add (local.get $sum) (local.get $result)))
          (br_if $each
            (i32.ne
              (local.tee $value (i32.add (local.get $value) (local.get $stride)))
              (local.get $stop))))
        (local.set $sum (i64.and (local.get $sum) (i64.const 0x7FFFFFFFFFFFFFFF)))
        (local.set $value (global.get $values))
        (br $round)))
    (local.get $result)))
