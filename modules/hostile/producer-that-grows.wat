;; Memories stay where they are when they grow; what was mapped over them, and what the host knows of them, must hold.
;;! about: grows its memory at its start, in `prepare`, in `outbox`, before, between and after messages
;;! group: memory that grows
;;! side: producer
;;! each: at its start, by a page | start=1 | prepare=0 | outbox=0 | before=0 | after=0
;;! each: in `prepare`, by 100 pages | start=0 | prepare=100 | outbox=0 | before=0 | after=0
;;! each: in `outbox`, behind it | start=0 | prepare=0 | outbox=1 | before=0 | after=0
;;! each: before a message, by a page | start=0 | prepare=0 | outbox=0 | before=1 | after=0
;;! each: before a message, by 1000 pages | start=0 | prepare=0 | outbox=0 | before=1000 | after=0
;;! each: after a message, by 1000 pages | start=0 | prepare=0 | outbox=0 | before=0 | after=1000
;;! each: to its limit | start=0 | prepare=0 | outbox=0 | before=0x3ef0 | after=0
;;! each: past its limit | start=0 | prepare=0 | outbox=0 | before=0x4000 | after=0
;;! each: past 4 GiB | start=0 | prepare=0 | outbox=0 | before=0x10000 | after=0
;;! each: by -1 | start=0 | prepare=0 | outbox=0 | before=-1 | after=0
(start $grows)
(func $grows (call $start) (drop (memory.grow (i32.const {start}))))
(func $prepare (export "prepare_blob") (param $size i32) (param $messages i32) (param $seed i64) (result i64)
  (drop (memory.grow (i32.const {prepare})))
  (i64.const 4096))
(func $outbox (export "outbox") (param $capacity i32) (result i64)
  (global.set $outbox (call $pages (local.get $capacity)))
  (drop (memory.grow (i32.const {outbox})))
  (i64.extend_i32_u (global.get $outbox)))
(func $attack (result i64) (local $result i64)
  (call $write (i32.const 5))
  (drop (memory.grow (i32.const {before})))
  (local.set $result (call $send (global.get $outbox) (i32.const 64)))
  (drop (memory.grow (i32.const {after})))
  (local.set $result (call $send (global.get $outbox) (i32.const 64)))
  (local.get $result))
