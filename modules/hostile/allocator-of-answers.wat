;; The engine's adapter asks the requester for room for the records, texts and lists of an answer, and writes where it says.
;;! about: gives the engine's adapter no room for the records, texts and lists of an answer: outside the memory, unaligned, the same twice, another each time
;;! group: allocators that lie
;;! side: producer
;;! task: reply
;;! base: typed
;;! only: component: no other transport carries typed answers
;;! each: 0 | room=(i32.const 0)
;;! each: unaligned by 1 | room=(i32.add (call $piece (local.get $size)) (i32.const 1))
;;! each: unaligned by 4 | room=(i32.add (call $piece (local.get $size)) (i32.const 4))
;;! each: the last byte of the memory | room=(i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 1))
;;! each: the last word of the memory | room=(i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 8))
;;! each: the end of the memory | room=(i32.shl (memory.size) (i32.const 16))
;;! each: far behind the memory | room=(i32.const 0x7ffffff8)
;;! each: 2 GiB | room=(i32.const 0x80000000)
;;! each: the last word of 4 GiB | room=(i32.const -8)
;;! each: -1 | room=(i32.const -1)
;;! each: the same each time | room=(i32.const 0x8000)
;;! each: its own data | room=(i32.const 0x10000)
;;! each: the second half of what it gave | room=(call $overlapping (local.get $size))
;;! each: nothing, it traps | room=(unreachable)
;;! each: nothing, it calls itself | room=(call $alloc (local.get $size) (local.get $align))
;;! each: fresh memory each time | room=(i32.shl (memory.grow (i32.const 1)) (i32.const 16))
;;! each: all the memory that there is | room=(i32.shl (memory.grow (i32.const 0x3e00)) (i32.const 16))
(func $alloc (export "weft_alloc") (param $size i32) (param $align i32) (result i32)
  {room})

(func $piece (param $size i32) (result i32) (local $piece i32)
  (if (i32.eqz (global.get $next)) (then (global.set $next (call $pages (i32.const 0)))))
  (local.set $piece (global.get $next))
  (global.set $next (i32.and (i32.add (i32.add (local.get $piece) (local.get $size)) (i32.const 15)) (i32.const -8)))
  (local.get $piece))

(func $overlapping (param $size i32) (result i32)
  (if (i32.eqz (global.get $next)) (then (global.set $next (call $pages (i32.const 0)))))
  (global.set $next (i32.add (global.get $next) (i32.const 8)))
  (global.get $next))
