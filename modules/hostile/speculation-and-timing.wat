;; Nothing of this is tried.
;;! about: reads by speculation, or from how long something takes
;;! group: not tested
;;! side: producer
;;! untested: wasmtime has mitigations of its own against Spectre, of which nothing here is a test; guests of one process share caches, predictors and the time of one thread
