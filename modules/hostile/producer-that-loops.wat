;; What never returns is ended with its process (docs/ABI.md, "Limits").
;;! about: never returns: from its start, from `outbox`, from `produce`, from sending
;;! group: without bound
;;! side: producer
;;! loops: yes
;;! each: from its start | start=(loop $again (br $again)) | outbox= | produce=
;;! each: from `outbox` | start= | outbox=(loop $again (br $again)) | produce=
;;! each: from `produce` | start= | outbox= | produce=(loop $again (br $again))
;;! each: from sending | start= | outbox= | produce=(call $write (i32.const 5)) (loop $again (drop (call $send (global.get $outbox) (i32.const 64))) (br $again))
(start $loops)
(func $loops (call $start) {start})
(func $outbox (export "outbox") (param $capacity i32) (result i64)
  {outbox}
  (global.set $outbox (call $pages (local.get $capacity)))
  (i64.extend_i32_u (global.get $outbox)))
(func $attack (result i64)
  {produce}
  (i64.const 7))
