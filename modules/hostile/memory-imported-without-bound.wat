;; The host makes the memory that a guest imports, as large as the import says.
;;! about: imports a memory of 1 GiB and more
;;! group: without bound
;;! side: consumer
;;! each: 1 GiB | pages=16384
;;! each: 1 GiB and a page | pages=16385
;;! each: 4 GiB | pages=65536
;;! each: 0 pages | pages=0
(import "env" "memory" (memory $memory {pages}))
