;; Platforms ask the consumer's allocator for room for each message and each result.
;;! about: gives no room for a message and its result: outside the memory, unaligned, the same twice, another each time
;;! group: allocators that lie
;;! side: consumer
;;! only: buffer-scailable buffer-packed: nobody asks the consumer's allocator for room for bytes
;;! each: 0 | room=(i32.const 0) | free=
;;! each: unaligned by 1 | room=(i32.add (call $honest (local.get $size)) (i32.const 1)) | free=
;;! each: the last byte of the memory | room=(i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 1)) | free=
;;! each: the last word of the memory | room=(i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 8)) | free=
;;! each: the end of the memory | room=(i32.shl (memory.size) (i32.const 16)) | free=
;;! each: 2 GiB | room=(i32.const 0x80000000) | free=
;;! each: the last word of 4 GiB | room=(i32.const -8) | free=
;;! each: -1 | room=(i32.const -1) | free=
;;! each: the same each time | room=(i32.const 0x1100000) | free=
;;! each: within the last piece | room=(i32.add (call $honest (local.get $size)) (i32.const 32)) | free=
;;! each: nothing, it traps | room=(unreachable) | free=
;;! each: nothing, it calls itself | room=(call $alloc (local.get $size) (local.get $align)) | free=
;;! each: fresh memory each time | room=(i32.shl (memory.grow (i32.const 1)) (i32.const 16)) | free=
;;! each: all the memory that there is | room=(i32.shl (memory.grow (i32.const 0x3e00)) (i32.const 16)) | free=
;;! each: good room, and traps when it is given back | room=(call $honest (local.get $size)) | free=(unreachable)
;;! each: good room, and grows when it is given back | room=(call $honest (local.get $size)) | free=(drop (memory.grow (i32.const 1)))
(func $alloc (export "weft_alloc") (param $size i32) (param $align i32) (result i32)
  {room})
(func $dealloc (export "weft_dealloc") (param $ptr i32) (param $size i32) (param $align i32)
  {free})
(func $honest (param $size i32) (result i32)
  (if (i32.eqz (global.get $pieces)) (then (global.set $pieces (call $pages (i32.const 0)))))
  (global.set $other (i32.xor (global.get $other) (i32.const 0x8000)))
  (i32.add (global.get $pieces) (global.get $other)))
