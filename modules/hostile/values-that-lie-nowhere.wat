;; A producer that is handed its values says where they are put.
;;! about: has its values put where it has no memory
;;! group: allocators that lie
;;! side: producer
;;! each: 0 | values=(i64.const 0)
;;! each: a page and a word | values=(i64.const 65544)
;;! each: the last page of 4 GiB | values=(i64.const 0xffff0000)
;;! each: 4 GiB | values=(i64.const 0x100000000)
;;! each: -1 | values=(i64.const -1)
;;! each: the end of the memory | values=(i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16))
;;! each: its own data | values=(i64.const 0x10000)
(func $prepare (param $size i32) (param $messages i32) (param $seed i64) (result i64) (i64.const 0))
(func (export "values") (param $capacity i32) (result i64)
  {values})
(func (export "supply_blob") (param $size i32) (param $messages i32) (param $values i32) (result i64)
  (i64.const 4096))
