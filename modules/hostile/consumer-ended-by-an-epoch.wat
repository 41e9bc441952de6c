;; An epoch ends guests wherever they are.
;;! about: is ended by an epoch after 20 ms, while it reads
;;! group: stopped in the middle
;;! side: consumer
;;! stopped-by: epochs
(func $attack (param $ptr i32) (param $len i32) (result i64)
  (loop $again (br $again))
  (i64.const 7))
