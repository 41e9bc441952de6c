;; Once a typed answer is copied, the engine calls the replier's `drop_blob` (`post-return`): code of a guest, in the middle of another's call.
;;! about: does in the function that gives an answer back what it likes: traps, calls itself, grows, changes the answer, takes another outbox
;;! group: calls that go back
;;! side: consumer
;;! task: reply
;;! base: typed
;;! only: component: no other transport carries typed answers
;;! each: traps | what=(unreachable)
;;! each: calls itself without end | what=(call $drop (local.get $ptr) (local.get $len))
;;! each: answers again | what=(drop (call $reply (local.get $ptr) (local.get $len)))
;;! each: grows its memory | what=(drop (memory.grow (i32.const 64)))
;;! each: takes all memory that there is | what=(drop (memory.grow (i32.const 0x3e00)))
;;! each: writes over the answer | what=(memory.fill (global.get $outbox) (i32.const 0xff) (i32.const 0x8000))
;;! each: writes where a requester has its data | what=(memory.fill (i32.const 0x10000) (i32.const 0) (i32.const 0x20000))
;;! each: takes another outbox | what=(drop (call $outbox (i32.const 0x10000)))
;;! each: divides by zero | what=(drop (i32.div_u (i32.const 1) (i32.const 0)))
(func $drop (export "drop_blob") (param $ptr i32) (param $len i32)
  {what})
