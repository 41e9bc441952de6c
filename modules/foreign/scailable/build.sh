#!/usr/bin/env bash
# Builds Scailable's example into a directory, as intsum.wasm:
#
#     modules/foreign/scailable/build.sh target/scailable
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
mkdir -p "$out"
"$clang" --target=wasm32 -std=c11 -O3 -mbulk-memory -ffreestanding -nostdlib -Wall -Wextra -Werror \
    -Wl,--no-entry -Wl,--stack-first "$here/intsum.c" -o "$out/intsum.wasm"
