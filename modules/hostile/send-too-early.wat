;; Messages are sent by `produce`. Before there is an outbox none lies in it.
;;! about: sends before its outbox is known: at its start, in `prepare` and in `outbox`
;;! group: pointer and length
;;! side: producer
;;! each: nothing, at its start | start=(drop (call $send (i32.const 0) (i32.const 0))) | prepare= | outbox=
;;! each: a word, at its start | start=(drop (call $send (i32.const 0x30000) (i32.const 8))) | prepare= | outbox=
;;! each: nothing at -1, at its start | start=(drop (call $send (i32.const -1) (i32.const 0))) | prepare= | outbox=
;;! each: a word in `prepare` | start= | prepare=(drop (call $send (i32.const 0x30000) (i32.const 8))) | outbox=
;;! each: nothing at -1 in `prepare` | start= | prepare=(drop (call $send (i32.const -1) (i32.const 0))) | outbox=
;;! each: nothing at -8 in `prepare` | start= | prepare=(drop (call $send (i32.const -8) (i32.const 0))) | outbox=
;;! each: a word in `outbox` | start= | prepare= | outbox=(drop (call $send (i32.const 0x30000) (i32.const 8)))
;;! each: everything in `outbox` | start= | prepare= | outbox=(drop (call $send (i32.const 0) (i32.const -1)))
(start $early)
(func $early (call $start) {start})
(func $prepare (export "prepare_blob") (param $size i32) (param $messages i32) (param $seed i64) (result i64)
  {prepare}
  (i64.const 4096))
(func $outbox (export "outbox") (param $capacity i32) (result i64)
  {outbox}
  (global.set $outbox (call $pages (local.get $capacity)))
  (i64.extend_i32_u (global.get $outbox)))
