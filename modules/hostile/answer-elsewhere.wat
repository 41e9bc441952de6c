;; An answer's place is `len << 32 | ptr`, and must lie in the replier's outbox, from a multiple of 8 on. What lies at the same place in the
;; requester's memory, or behind the requester's inbox, is nobody's but the requester's.
;;! about: answers with a place that does not lie in its outbox: elsewhere in its memory, in the requester's, past the end, unaligned
;;! group: pointer and length
;;! side: consumer
;;! task: reply
;;! breaches: linked
;;! each: at 0 | ptr=(i32.const 0) | len=(i32.const 0)
;;! each: 8 bytes at 0 | ptr=(i32.const 0) | len=(i32.const 8)
;;! each: just before its outbox | ptr=(i32.sub (global.get $outbox) (i32.const 8)) | len=(i32.const 8)
;;! each: across its start | ptr=(i32.sub (global.get $outbox) (i32.const 8)) | len=(i32.const 16)
;;! each: a byte too long | ptr=(global.get $outbox) | len=(i32.const 0x10001)
;;! each: longer than an inbox | ptr=(global.get $outbox) | len=(i32.const 0x30000)
;;! each: across its end | ptr=(i32.add (global.get $outbox) (i32.const 0xfff8)) | len=(i32.const 16)
;;! each: a word at its end | ptr=(i32.add (global.get $outbox) (i32.const 0x10000)) | len=(i32.const 8)
;;! each: a word behind an inbox | ptr=(i32.add (global.get $outbox) (i32.const 0x20000)) | len=(i32.const 8)
;;! each: as long as a place can say | ptr=(global.get $outbox) | len=(i32.const 0x7fffffff)
;;! each: wrapping to 0 | ptr=(i32.const -8) | len=(i32.const 16)
;;! each: the last word of 4 GiB | ptr=(i32.const -8) | len=(i32.const 8)
;;! each: one byte off | ptr=(i32.add (global.get $outbox) (i32.const 1)) | len=(i32.const 8)
;;! each: the message itself | ptr=(local.get $ptr) | len=(local.get $len)
;;! each: its own data | ptr=(i32.const 0x1100000) | len=(i32.const 8)
;;! each: where a requester has its data | ptr=(i32.const 0x10000) | len=(i32.const 8)
;;! each: where a requester has its stack | ptr=(i32.const 0x20000) | len=(i32.const 8)
;;! each: behind the memory | ptr=(i32.shl (memory.size) (i32.const 16)) | len=(i32.const 8)
(func $attack (param $ptr i32) (param $len i32) (result i64)
  (drop (memory.grow (i32.const 8)))
  (call $place {ptr} {len}))
