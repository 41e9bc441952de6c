;; A memory may have 1 GiB, and all memories of a store 2 GiB, also where a guest has several of its own (docs/ABI.md, "Limits").
;;! about: takes and fills all the memory that it can get: of its own memory, of 15 more, of larger ones, of passive data
;;! group: without bound
;;! side: producer
;;! each: its memory, page by page | more= | fill=(loop $again (call $page (memory.grow (i32.const 1))) (br $again))
;;! each: a memory of its own, of 1 GiB | more=(memory $more 16384) | fill=(memory.fill $more (i32.const 0) (i32.const 0xee) (i32.const 0x40000000))
;;! each: a memory of its own, of 4 GiB | more=(memory $more 65536) | fill=
;;! each: 15 memories of 1 GiB each | more=(memory $m1 16384) (memory $m2 16384) (memory $m3 16384) (memory $m4 16384) (memory $m5 16384) (memory $m6 16384) (memory $m7 16384) (memory $m8 16384) (memory $m9 16384) (memory $ma 16384) (memory $mb 16384) (memory $mc 16384) (memory $md 16384) (memory $me 16384) (memory $mf 16384) | fill=(memory.fill $m1 (i32.const 0) (i32.const 0xee) (i32.const 0x40000000)) (memory.fill $m2 (i32.const 0) (i32.const 0xee) (i32.const 0x40000000)) (memory.fill $m3 (i32.const 0) (i32.const 0xee) (i32.const 0x40000000)) (memory.fill $m4 (i32.const 0) (i32.const 0xee) (i32.const 0x40000000)) (memory.fill $m5 (i32.const 0) (i32.const 0xee) (i32.const 0x40000000)) (memory.fill $m6 (i32.const 0) (i32.const 0xee) (i32.const 0x40000000)) (memory.fill $m7 (i32.const 0) (i32.const 0xee) (i32.const 0x40000000)) (memory.fill $m8 (i32.const 0) (i32.const 0xee) (i32.const 0x40000000))
;;! each: 40 memories of nothing | more=(memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) (memory 0) | fill=
;;! each: 3 memories that grow together | more=(memory $m1 0) (memory $m2 0) (memory $m3 0) | fill=(loop $again (drop (memory.grow $m1 (i32.const 1600))) (drop (memory.grow $m2 (i32.const 1600))) (drop (memory.grow $m3 (i32.const 1600))) (br $again))
{more}
(func $page (param $page i32)
  (memory.fill (i32.shl (local.get $page) (i32.const 16)) (i32.const 0xee) (i32.const 0x10000)))
(func $attack (result i64)
  {fill}
  (i64.const 7))
