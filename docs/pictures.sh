#!/usr/bin/env bash
# Makes the pictures of docs/READING_A_REPORT.md from a run's page.
#
#   docs/pictures.sh              from results/reference/report.html
#   docs/pictures.sh RUN          from results/RUN/report.html
#
# Widths, colours and what is shown are fixed here; heights follow from what the run has. Needs Chromium:
# WEFT_CHROMIUM, or `chromium`, `chromium-browser` or `google-chrome` on the path. Fonts are the machine's.
set -euo pipefail

docs=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pictures=$docs/pictures
width=880
largest=$((1024 * 1024))

# Picture, the view's fragment.
views=(
    "answer   only=answer"
    "matrix   only=matrix"
    "latency  only=latency&schema=no&isolation=full"
    "parts    only=parts&schema=no&isolation=full"
    "sizes    only=sizes"
    "copies   only=copies&theme=dark"
    "tails    only=tails&schema=no&isolation=full"
)

fail() {
    echo "docs/pictures.sh: $*" >&2
    exit 1
}

[[ $# -le 1 && ${1:-} != -* ]] || fail "usage: docs/pictures.sh [RUN]"
page=$docs/../results/${1:-reference}/report.html
[[ -f $page ]] || fail "there is no $page. Run: cargo weft report ${1:-reference}"
page=$(realpath "$page")

chromium=${WEFT_CHROMIUM:-}
for name in chromium chromium-browser google-chrome; do
    [[ -n $chromium ]] || chromium=$(command -v "$name" || true)
done
[[ -n $chromium ]] || fail "Chromium is missing. Install it, on Debian with: apt-get install chromium"

scratch=$(mktemp --directory)
trap 'rm -rf "$scratch"' EXIT

# browse <view> <height> <arguments>
browse() {
    "$chromium" --headless=new --no-sandbox --disable-gpu --hide-scrollbars --disable-lcd-text --force-device-scale-factor=1 \
        --user-data-dir="$scratch/profile" --virtual-time-budget=10000 --window-size="$width,$2" "${@:3}" \
        "file://$page#$1" 2>"$scratch/log" || fail "Chromium failed: $(tail -n 3 "$scratch/log")"
}

mkdir -p "$pictures"
rm -f "$pictures"/*.png
for line in "${views[@]}"; do
    read -r name view <<<"$line"
    [[ $view == *theme=* ]] || view="$view&theme=light"
    browse "$view" 1000 --dump-dom >"$scratch/dom"
    height=$(grep --only-matching --max-count=1 'data-height="[0-9]*"' "$scratch/dom" | tr --complement --delete 0-9 || true)
    [[ -n $height ]] || fail "the page did not draw $view"
    # Chromium leaves windows blank that are lower than about 200 pixels.
    browse "$view" "$((height < 240 ? 240 : height + 16))" --screenshot="$scratch/$name.png"
    [[ -s $scratch/$name.png ]] || fail "Chromium made no picture of $view"
    mv "$scratch/$name.png" "$pictures/$name.png"
    echo "docs/pictures/$name.png"
done

total=$(cat "$pictures"/*.png | wc --bytes)
((total <= largest)) || fail "the pictures have $total bytes in all; at most $largest are wanted"
