;; A table may have 1 000 000 elements, and a store 16 tables (docs/ABI.md, "Limits").
;;! about: has tables without bound: of 10 000 000 elements and more, that grow, 40 of them
;;! group: without bound
;;! side: producer
;;! each: 10 000 000 elements | tables=(table $t 10000000 funcref) | grow=0
;;! each: 4 294 967 295 elements | tables=(table $t 4294967295 funcref) | grow=0
;;! each: that grows to 1 000 000 | tables=(table $t 0 funcref) | grow=1000000
;;! each: that grows past 1 000 000 | tables=(table $t 0 funcref) | grow=1000001
;;! each: that grows by -1 | tables=(table $t 1 funcref) | grow=-1
;;! each: 40 tables | tables=(table $t 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) | grow=0
{tables}
(func $attack (result i64)
  (drop (table.grow $t (ref.null func) (i32.const {grow})))
  (table.fill $t (i32.const 0) (ref.null func) (table.size $t))
  (i64.const 7))
