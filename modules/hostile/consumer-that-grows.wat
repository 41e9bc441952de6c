;; As for a producer.
;;! about: grows its memory at its start, in `inbox`, before and after it reads, and while its allocator is asked
;;! group: memory that grows
;;! side: consumer
;;! each: at its start, by a page | start=1 | inbox=0 | before=0 | after=0
;;! each: in `inbox`, behind it | start=0 | inbox=1 | before=0 | after=0
;;! each: before it reads, by a page | start=0 | inbox=0 | before=1 | after=0
;;! each: before it reads, by 1000 pages | start=0 | inbox=0 | before=1000 | after=0
;;! each: after it has read, by 1000 pages | start=0 | inbox=0 | before=0 | after=1000
;;! each: to its limit | start=0 | inbox=0 | before=0x3d00 | after=0
;;! each: past its limit | start=0 | inbox=0 | before=0x4000 | after=0
;;! each: past 4 GiB | start=0 | inbox=0 | before=0x10000 | after=0
;;! each: by -1 | start=0 | inbox=0 | before=0 | after=-1
(start $grows)
(func $grows (call $start) (drop (memory.grow (i32.const {start}))))
(func $inbox (export "inbox") (param $capacity i32) (result i64) (local $inbox i32)
  (local.set $inbox (call $pages (local.get $capacity)))
  (drop (memory.grow (i32.const {inbox})))
  (i64.extend_i32_u (local.get $inbox)))
(func $attack (param $ptr i32) (param $len i32) (result i64) (local $result i64)
  (drop (memory.grow (i32.const {before})))
  (local.set $result (call $read (local.get $ptr) (local.get $len)))
  (drop (memory.grow (i32.const {after})))
  (local.get $result))
