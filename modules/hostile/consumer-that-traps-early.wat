;; Nothing is joined then.
;;! about: traps before any message: at its start, in `inbox`, in a data segment that does not fit, in `rejected`
;;! group: traps
;;! side: consumer
;;! each: at its start | start=(unreachable) | inbox= | data=0 | rejected= | status=7
;;! each: at its start, without end | start=(call $grows) | inbox= | data=0 | rejected= | status=7
;;! each: in `inbox` | start= | inbox=(unreachable) | data=0 | rejected= | status=7
;;! each: a data segment past the memory | start= | inbox= | data=0xfffffff8 | rejected= | status=7
;;! each: in `rejected` | start= | inbox= | data=0 | rejected=(unreachable) | status=-3
(start $grows)
(func $grows (call $start) {start})
(func $inbox (export "inbox") (param $capacity i32) (result i64)
  {inbox}
  (i64.extend_i32_u (call $pages (local.get $capacity))))
(func $rejected (export "rejected") (result i64)
  {rejected}
  (i64.const 0))
(func $attack (param $ptr i32) (param $len i32) (result i64)
  (i64.const {status}))
(data (i32.const {data}) "beyond")
