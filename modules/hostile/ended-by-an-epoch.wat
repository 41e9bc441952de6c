;; An epoch ends guests wherever they are.
;;! about: is ended by an epoch after 20 ms: in its own code, in growing, in sending without end
;;! group: stopped in the middle
;;! side: producer
;;! stopped-by: epochs
;;! each: in a loop | body=(br $again)
;;! each: in sending | body=(drop (call $send (global.get $outbox) (i32.const 64))) (br $again)
;;! each: in sending 64 KiB | body=(drop (call $send (global.get $outbox) (i32.const 0x10000))) (br $again)
;;! each: in filling its memory | body=(memory.fill (global.get $outbox) (i32.const 0) (i32.const 0x8000)) (br $again)
(func $attack (result i64)
  (call $write (i32.const 5))
  (loop $again {body})
  (i64.const 7))
