;; A guest is a module.
;;! about: is a component in place of a module
;;! group: without bound
;;! side: consumer
(component
  (core module $guest (memory (export "memory") 1))
  (core instance (instantiate $guest)))
