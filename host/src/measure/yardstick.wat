;; The yardstick: a fixed piece of work of some microseconds, which every host that runs WebAssembly can time. Independent
;; additions, shifts, loads and stores: as many a cycle as the core can do, so that a neighbour on the core is felt at once.
(module
  ;; 64 words, eight lines of the cache: what is measured needs the others.
  (memory 1)
  (func (export "work") (result i64)
    (local $step i32) (local $near i32)
    (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $e i64) (local $f i64)
    (local.set $a (i64.const 1)) (local.set $b (i64.const 2)) (local.set $c (i64.const 3))
    (local.set $d (i64.const 4)) (local.set $e (i64.const 5)) (local.set $f (i64.const 6))
    (loop $again
      (local.set $near (i32.shl (i32.and (local.get $step) (i32.const 63)) (i32.const 3)))
      (local.set $a (i64.add (local.get $a) (i64.load (local.get $near))))
      (local.set $b (i64.xor (local.get $b)
        (i64.load (i32.shl (i32.and (i32.mul (local.get $step) (i32.const 7)) (i32.const 63)) (i32.const 3)))))
      (local.set $c (i64.add (local.get $c) (i64.extend_i32_u (local.get $step))))
      (local.set $d (i64.xor (local.get $d) (i64.shr_u (local.get $d) (i64.const 3))))
      (local.set $e (i64.sub (local.get $e) (i64.load (i32.xor (local.get $near) (i32.const 8)))))
      (local.set $f (i64.add (local.get $f) (i64.shl (local.get $f) (i64.const 1))))
      (i64.store (local.get $near) (local.get $a))
      (br_if $again (i32.lt_u (local.tee $step (i32.add (local.get $step) (i32.const 1))) (i32.const 6000))))
    (i64.xor (i64.xor (i64.xor (local.get $a) (local.get $b)) (i64.xor (local.get $c) (local.get $d)))
             (i64.xor (local.get $e) (local.get $f)))))
