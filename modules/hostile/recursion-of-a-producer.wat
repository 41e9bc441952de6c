;; The engine's stack has 512 KiB; a guest that calls deeper is stopped.
;;! about: calls itself without end, with small and with large frames
;;! group: traps
;;! side: producer
;;! each: small frames | call=(call $small)
;;! each: frames of 100 values | call=(call $large (i64.const 1))
;;! each: through a table | call=(call $indirect)
(table $functions 1 funcref)
(elem (table $functions) (i32.const 0) func $indirect)
(func $small (result i64) (i64.add (i64.const 1) (call $small)))
(func $indirect (result i64) (i64.add (i64.const 1) (call_indirect $functions (result i64) (i32.const 0))))
(func $large (param $x i64) (result i64)
  (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $e i64) (local $f i64) (local $g i64) (local $h i64)
  (local.set $a (i64.mul (local.get $x) (i64.const 3))) (local.set $b (i64.mul (local.get $a) (i64.const 5)))
  (local.set $c (i64.mul (local.get $b) (i64.const 7))) (local.set $d (i64.mul (local.get $c) (i64.const 9)))
  (local.set $e (i64.mul (local.get $d) (i64.const 11))) (local.set $f (i64.mul (local.get $e) (i64.const 13)))
  (local.set $g (i64.mul (local.get $f) (i64.const 15))) (local.set $h (call $large (local.get $g)))
  (i64.add (i64.add (i64.add (local.get $a) (local.get $b)) (i64.add (local.get $c) (local.get $d)))
    (i64.add (i64.add (local.get $e) (local.get $f)) (i64.add (local.get $g) (local.get $h)))))
(func $attack (result i64)
  {call})
