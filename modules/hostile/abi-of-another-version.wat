;; A guest says which version of the ABI it speaks.
;;! about: speaks another version of the ABI, or says it in no JSON
;;! group: without bound
;;! side: producer
;;! each: version 0 | traits={\"abi\": 0}
;;! each: version 2 | traits={\"abi\": 2}
;;! each: version 4294967295 | traits={\"abi\": 4294967295}
;;! each: version -1 | traits={\"abi\": -1}
;;! each: version "1" | traits={\"abi\": \"1\"}
;;! each: no JSON | traits=\00\ff\fe
;;! each: half of it | traits={\"abi\": 1, \"unsupported\": {
;;! each: lists in lists | traits=[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
(@custom "weft.traits" "{traits}")
