;; What never returns is ended with its process (docs/ABI.md, "Limits").
;;! about: never returns: from `inbox`, from `receive`, from growing by nothing
;;! group: without bound
;;! side: consumer
;;! loops: yes
;;! each: from `inbox` | inbox=(loop $again (br $again)) | receive=
;;! each: from `receive` | inbox= | receive=(loop $again (br $again))
;;! each: from growing by nothing | inbox= | receive=(loop $again (drop (memory.grow (i32.const 0))) (br $again))
(func $inbox (export "inbox") (param $capacity i32) (result i64)
  {inbox}
  (i64.extend_i32_u (call $pages (local.get $capacity))))
(func $attack (param $ptr i32) (param $len i32) (result i64)
  {receive}
  (i64.const 7))
