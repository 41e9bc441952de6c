;; A typed answer is records in the replier's outbox, which point at texts and lists anywhere in its memory. The engine's adapter checks all of
;; it before a requester sees it.
;;! about: answers with records that are none: shades that do not exist, texts that are not UTF-8, texts and lists that lie nowhere or have no end
;;! group: allocators that lie
;;! side: consumer
;;! task: reply
;;! base: typed
;;! only: component: no other transport carries typed answers
;;! each: a shade too high | shade=(i32.const 2) | text=(call $text) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: the highest shade | shade=(i32.const 255) | text=(call $text) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a text past the end | shade=(i32.const 1) | text=(i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a text behind the end | shade=(i32.const 1) | text=(i32.const -8) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a text that wraps | shade=(i32.const 0) | text=(i32.const -8) | text_len=(i32.const 16) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a text of 2 GiB | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const 0x80000000) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a text of 4 GiB | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const -1) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: no UTF-8 | shade=(i32.const 0) | text=(call $bytes (i64.const 0xffffffffffffffff)) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: half a character | shade=(i32.const 0) | text=(call $bytes (i64.const 0xe241414141414141)) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a surrogate | shade=(i32.const 0) | text=(call $bytes (i64.const 0x4141414141a0eda0)) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a character written too long | shade=(i32.const 0) | text=(call $bytes (i64.const 0x414141414180c1c0)) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a list off its alignment | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const 8) | list=(i32.add (call $list) (i32.const 1)) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a list past the end | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const 8) | list=(i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 8)) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a list longer than the memory | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 0x1000000) | count=(i32.const 1)
;;! each: a list whose bytes wrap to 0 | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 0x40000000) | count=(i32.const 1)
;;! each: a list whose bytes wrap to 4 | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 0x40000001) | count=(i32.const 1)
;;! each: a list of -1 | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const -1) | count=(i32.const 1)
;;! each: a text that is its record | shade=(i32.const 0) | text=(global.get $outbox) | text_len=(i32.const 20) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a list that is its record | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const 8) | list=(global.get $outbox) | list_len=(i32.const 5) | count=(i32.const 1)
;;! each: a text that is its list | shade=(i32.const 0) | text=(call $list) | text_len=(i32.const 32) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
;;! each: a record too many | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 3277)
;;! each: records whose bytes wrap | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 0x0ccccccd)
;;! each: records of -1 | shade=(i32.const 0) | text=(call $text) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const -1)
;;! each: a text where a requester has its data | shade=(i32.const 1) | text=(i32.const 0x10000) | text_len=(i32.const 8) | list=(call $list) | list_len=(i32.const 8) | count=(i32.const 1)
(func $answer (result i64)
  (call $numbers)
  (call $record {shade} {text} {text_len} {list} {list_len})
  (call $place (global.get $outbox) {count}))

;; Where a text and the numbers lie.
(func $text (result i32) (i32.add (global.get $outbox) (i32.const 0x200)))
(func $list (result i32) (i32.add (global.get $outbox) (i32.const 0x100)))
(func $numbers
  (i64.store (call $text) (i64.const 0x6867696c65687420))
  (i32.store (call $list) (i32.const 5)))

(func $record (param $shade i32) (param $text i32) (param $text_len i32) (param $list i32) (param $list_len i32)
  (i32.store8 (global.get $outbox) (local.get $shade))
  (i32.store offset=4 (global.get $outbox) (local.get $text))
  (i32.store offset=8 (global.get $outbox) (local.get $text_len))
  (i32.store offset=12 (global.get $outbox) (local.get $list))
  (i32.store offset=16 (global.get $outbox) (local.get $list_len)))

;; Where a text of these bytes lies.
(func $bytes (param $bytes i64) (result i32)
  (i64.store (call $text) (local.get $bytes))
  (call $text))
