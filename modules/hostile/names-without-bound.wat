;; Names of exports, functions and sections come from a guest, and into messages.
;;! about: has names that are long, empty, no ASCII, or those of markup and terminals
;;! group: without bound
;;! side: consumer
;;! each: empty | name=
;;! each: of a terminal | name=\1b[2J\1b[31mred\07
;;! each: of markup | name=</script><script>alert(1)</script>
;;! each: from right to left | name=\e2\80\aeevil
;;! each: of the meter | name=weft.meter.Instructions
;;! each: with a line's end | name=a\0ab\00c
(func (export "{name}"))
(func $attack (param $ptr i32) (param $len i32) (result i64) (unreachable))
