#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rehearses the GPU acceptance bundle without a GPU: makes one for the emulated backend, and runs it where there is nothing
# but bash, coreutils and grep. Also shows that a bundle says so when there is no device to accept.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for tool in g++ cmake mvn; do
  command -v "$tool" >/dev/null || {
    echo "skipped: a bundle takes $tool, which was not found"
    exit 0
  }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "bundle-test: $*" >&2
  exit 1
}

expect() { # FILE PATTERN: a line of the file matches
  grep -q "$2" "$1" || {
    cat "$1" >&2
    fail "$(basename "$1") has no line with: $2"
  }
}

"$root/espalier" gpu-bundle --backend cuda-emulated --out "$work/bundle.tar.gz"
[ "$(stat -c %s "$work/bundle.tar.gz")" -lt 45000000 ] || fail "the archive is too large"
tar xzf "$work/bundle.tar.gz" -C "$work"

mkdir "$work/bin"
for tool in bash basename cat date dirname env grep head mkdir mktemp mv nproc rm sort tail tee timeout tr uname; do
  ln -s "$(command -v "$tool")" "$work/bin/$tool"
done
run() { # BACKEND FOLDER: runs the bundle with nothing else on the PATH
  (cd "$work" && env -i PATH="$work/bin" HOME=/nonexistent OUT="$2" espalier-gpu/run.sh "$1") >"$2.out" 2>&1
}

run cuda-emulated "$work/rehearsal" || {
  cat "$work"/rehearsal/*.log "$work/rehearsal.out" >&2
  fail "the bundle does not accept the emulated backend"
}
summary=$work/rehearsal/summary.txt
expect "$summary" '^PASS .* case catalogue .* cases agree with cpu-scalar'
expect "$summary" '^PASS .* SET-MLP .* same bits: passed'
expect "$summary" '^SKIPPED .* build .* the prebuilt library is used'
expect "$summary" '^spmm transposed .* sparse'
expect "$summary" '^passed, after'
expect "$work/rehearsal/benchmarks.json" '"backend" : "cuda-emulated"'
tail -n 25 "$summary"

if command -v nvidia-smi >/dev/null; then
  echo "there is a GPU; what a bundle says without one is not shown"
  exit 0
fi
# Where there is no device everything fails, to the end, and by a sentence rather than a stack trace.
if run cuda "$work/refusal"; then
  fail "the bundle accepts a device that is not there"
fi
summary=$work/refusal/summary.txt
expect "$summary" '^FAIL .* case catalogue'
expect "$summary" '^FAIL .* benchmarks'
expect "$summary" 'steps FAILED'
expect "$work/refusal/catalogue.log" "Backend 'cuda' cannot be used here"
! grep -h '^[[:space:]]*at org\.espalier' "$work"/refusal/*.log || fail "a stack trace in place of a sentence"
echo "the bundle says what fails, and why"
