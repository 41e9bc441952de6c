;; Nothing is joined then.
;;! about: traps before any message: at its start, in `prepare`, in `outbox`, in a data segment that does not fit
;;! group: traps
;;! side: producer
;;! each: at its start | start=(unreachable) | prepare= | outbox= | data=0
;;! each: at its start, without end | start=(call $grows) | prepare= | outbox= | data=0
;;! each: in `prepare` | start= | prepare=(unreachable) | outbox= | data=0
;;! each: in `outbox` | start= | prepare= | outbox=(unreachable) | data=0
;;! each: a data segment past the memory | start= | prepare= | outbox= | data=0xfffffff8
;;! each: a data segment behind the memory | start= | prepare= | outbox= | data=0x40000
(start $grows)
(func $grows (call $start) {start})
(func $prepare (export "prepare_blob") (param $size i32) (param $messages i32) (param $seed i64) (result i64)
  {prepare}
  (i64.const 4096))
(func $outbox (export "outbox") (param $capacity i32) (result i64)
  {outbox}
  (global.set $outbox (call $pages (local.get $capacity)))
  (i64.extend_i32_u (global.get $outbox)))
(data (i32.const {data}) "beyond")
