;; There is nothing to write down: a producer's code runs again when `send` has returned, and a consumer imports nothing that it could call.
;;! about: changes a message while a consumer that checks it is within `receive`
;;! group: change after the check
;;! side: producer
;;! only: : guests run one at a time on one thread, and a consumer imports nothing that it could call: no code of the producer runs before `receive` has returned, with any codec
(func $attack (result i64) (i64.const 0))
