#!/usr/bin/env bash
# Builds the codec of C structs into a directory, where WEFT_GUESTS finds it:
#
#     modules/foreign/c/build.sh target/guests-c
#     WEFT_GUESTS=target/guests-c cargo weft verify /c-structs/
#
# It needs clang and LLVM's linker for WebAssembly; CLANG names another clang than that of the PATH.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:?"build.sh: say where to build to: build.sh <directory>"}
clang=${CLANG:-clang}

for program in "$clang" wasm-ld; do
    command -v "$program" >/dev/null || {
        echo "build.sh: $program is missing. Install it, on Debian with: apt-get install clang lld" >&2
        exit 1
    }
done

# build <producer or consumer> <where its stack ends and its data begins: docs/ABI.md, "Addresses">
build() {
    "$clang" --target=wasm32 -std=c11 -O3 -mbulk-memory -ffreestanding -nostdlib -Wall -Wextra -Werror \
        -I "$here/../../../docs" \
        -Wl,--no-entry -Wl,--import-memory -Wl,--stack-first -Wl,-z,stack-size="$2" \
        -Wl,--export=__heap_base -Wl,--export=__data_end \
        "$here/$1.c" -o "$out/c-structs.$1.wasm"
}

mkdir -p "$out"
build producer 1048576
build consumer 17825792
