;; What guests say of the types of their messages becomes a part of the composition, in which each guest's memory has a name.
;;! about: says of the types of its messages what defines more than types, or other records than the producer sends
;;! group: the other's memory
;;! side: consumer
;;! base: typed
;;! only: component: over the others they become a part of nothing
;;! each: a module that writes where the producer has its data | types=blob shade (enum \"light\" \"dark\")\nblob entry (record (field \"shade\" $shade) (field \"text\" string) (field \"numbers\" (list u32)))\nblob 20 (list $entry)) (core module $more (import \"m\" \"memory\" (memory 0)) (func $start (memory.fill (i32.const 0x1000) (i32.const 0xee) (i32.const 0x8000))) (start $start)) (core instance (instantiate $more (with \"m\" (instance $memory)))) (type $rest (list u8)\n
;;! each: the same in place of a named type | types=blob shade (enum \"light\" \"dark\")) (core module $more (import \"m\" \"memory\" (memory 0))) (core instance (instantiate $more (with \"m\" (instance $memory)))) (type $rest (enum \"light\" \"dark\")\nblob entry (record (field \"shade\" $shade) (field \"text\" string) (field \"numbers\" (list u32)))\nblob 20 (list $entry)\n
;;! each: an end that is a comment | types=blob shade (enum \"light\" \"dark\") (;\nblob entry (record (field \"shade\" $shade) (field \"text\" string) (field \"numbers\" (list u32)))\nblob 20 (list $entry)\n
;;! each: records of no bytes | types=blob shade (enum \"light\" \"dark\")\nblob entry (record (field \"shade\" $shade) (field \"text\" string) (field \"numbers\" (list u32)))\nblob 0 (list $entry)\n
;;! each: longer records than are sent | types=blob entry (record (field \"a\" u64) (field \"b\" u64) (field \"c\" u64) (field \"d\" (list u8)))\nblob 32 (list $entry)\n
;;! each: bytes | types=blob 1 (list u8)\n
;;! each: records of records without end | types=blob entry (record (field \"entry\" $entry))\nblob 20 (list $entry)\n
;;! each: a type of the composition | types=blob 8 (list $message)\n
;;! each: nothing of this message | types=log 8 (list u64)\n
;;! each: what a terminal obeys | types=blob \1b[2J (enum \"a\")\nblob 1 (list u8)\n
(@custom "weft.types" "{types}")
