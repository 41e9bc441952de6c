;; What is allowed must not harm either: the first and the last word, nothing at the end, all of it.
;;! about: sends what just lies in its outbox: its first and its last word, nothing at its end, all of it
;;! group: pointer and length
;;! side: producer
;;! each: the first word | ptr=(global.get $outbox) | len=(i32.const 8)
;;! each: nothing at its start | ptr=(global.get $outbox) | len=(i32.const 0)
;;! each: nothing at its end | ptr=(i32.add (global.get $outbox) (i32.const 0x10000)) | len=(i32.const 0)
;;! each: a byte at its last word | ptr=(i32.add (global.get $outbox) (i32.const 0xfff8)) | len=(i32.const 1)
;;! each: all but its first word | ptr=(i32.add (global.get $outbox) (i32.const 8)) | len=(i32.const 0xfff8)
;;! each: all but its last byte | ptr=(global.get $outbox) | len=(i32.const 0xffff)
;;! each: 16 bytes | ptr=(global.get $outbox) | len=(i32.const 16)
;;! each: 17 bytes | ptr=(global.get $outbox) | len=(i32.const 17)
;;! each: 33 bytes at its end | ptr=(i32.add (global.get $outbox) (i32.const 0xffd8)) | len=(i32.const 33)
(func $attack (result i64)
  (call $send {ptr} {len}))
