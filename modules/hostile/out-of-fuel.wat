;; A guest that runs out of fuel is stopped wherever it is: in its own code, in the transport's, in the other guest's.
;;! about: runs out of fuel: before, during and after messages of 64 KiB
;;! group: stopped in the middle
;;! side: producer
;;! stopped-by: fuel
;;! each: 100 | fuel=100
;;! each: 400 000 | fuel=400000
;;! each: 560 000 | fuel=560000
;;! each: 600 000 | fuel=600000
;;! each: 640 000 | fuel=640000
;;! each: 680 000 | fuel=680000
;;! each: 720 000 | fuel=720000
;;! each: 760 000 | fuel=760000
;;! each: 800 000 | fuel=800000
;;! each: 1 000 000 | fuel=1000000
;;! each: 2 000 000 | fuel=2000000
(func $attack (result i64)
  (call $write (i32.const 5))
  (loop $again
    (drop (call $send (global.get $outbox) (i32.const 0x10000)))
    (br $again))
  (i64.const 7))
