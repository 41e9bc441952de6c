#!/usr/bin/env bash
# Builds the host wasmtime+patched into a directory: a copy of the crate wasmtime-environ is patched, and takes the place of the original.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=${1:?"build.sh: say where to build to: build.sh <directory>"}
version=48.0.8
patch_file="$here/../../patches/wasmtime-environ-$version.patch"
copy="$target/wasmtime-environ-$version"

command -v patch >/dev/null || { echo "build.sh: patch is missing. Install it, on Debian with: apt-get install patch" >&2; exit 1; }
mkdir -p "$target"
# The workspace's own lock file has the original: cargo says where it lies, and fetches it where it does not.
original=$(cd "$here/../.." && cargo metadata --locked --format-version 1 |
    grep -o "\"manifest_path\":\"[^\"]*/wasmtime-environ-$version/Cargo.toml\"" | head -n 1 | cut -d '"' -f 4)
[[ -n $original ]] || { echo "build.sh: Cargo.lock has no wasmtime-environ $version; make a patch for the version that it has" >&2; exit 1; }
if [[ ! -f $copy/patched || $patch_file -nt $copy/patched ]]; then
    rm -rf "$copy"
    cp -r "$(dirname "$original")" "$copy"
    patch --quiet --directory "$copy" --strip 1 < "$patch_file"
    touch "$copy/patched"
fi
exec cargo build --release --locked --manifest-path "$here/Cargo.toml" --target-dir "$target" \
    --config "patch.crates-io.wasmtime-environ.path='$copy'"
