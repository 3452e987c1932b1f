#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Accepts the CUDA backend on the machine this runs on, which needs neither Java nor Maven nor a network:
#   ./run.sh [BACKEND]        cuda, or cuda-emulated for a rehearsal without a GPU
# Leaves logs, benchmarks.json and summary.txt in $OUT, or else in ./results. Exits with 0 if all that ran passed, 1 if
# something failed, 2 if nothing failed but not everything ran for lack of time ($LIMIT seconds, default 470).
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
backend=${1:-cuda}
results=${OUT:-$PWD/results}
limit=${LIMIT:-470}
mkdir -p "$results"
for old in build native-tests catalogue training sanitizer benchmarks; do
  rm -f "$results/$old.log"
done
rm -f "$results/summary.txt" "$results/benchmarks.json"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

case $backend in
  cuda)
    target=cuda
    compiler=nvcc
    timed=cuda,cusparse,cuda@bf16
    work=full
    settings=()
    ;;
  cuda-emulated)
    # as much as an emulator manages
    target=emulated
    compiler=g++
    timed=cuda-emulated,cpu,cuda-emulated@bf16
    work=small
    settings=('network.hidden=[100,100]' training.epochs=1)
    ;;
  *)
    echo "run: there is no backend '$backend' to accept; expected cuda or cuda-emulated." >&2
    exit 2
    ;;
esac

# Prints where a program is: on the PATH, or where CUDA is usually installed.
find_tool() {
  command -v "$1" || { [ -x "/usr/local/cuda/bin/$1" ] && echo "/usr/local/cuda/bin/$1"; }
}

# Runs a command until the step's time is over; 124 if that ends it.
limited() {
  local left=$((deadline - SECONDS))
  [ "$left" -gt 0 ] || return 124
  timeout -k 5 "$left" "$@"
}

java() {
  local options=(-XX:ObjectAlignmentInBytes=64 -XX:+UseParallelGC "-Dorg.bytedeco.javacpp.cachedir=$scratch/cache")
  [ ! -d "$scratch/native" ] || options+=("-Despalier.native.path=$scratch/native")
  limited "$here/jre/bin/java" "${options[@]}" -cp "$here/lib/*" org.espalier.benchmarks.acceptance.Acceptance "$@"
}

say() {
  echo "$*" | tee -a "$results/summary.txt"
}

# Makes a note of the lines of a file that match.
note_lines() {
  note=$(grep -h "$1" "$2" | tr '\n' ';')
  note=${note%;}
  note=${note//;/; }
}

steps=0
failed=0
not_run=0

# step NAME SECONDS RESERVE LOG COMMAND...: runs a step that may take so long, but leaves the reserve to later steps. The
# step says in $note what is worth saying; it returns 77 if it does not apply here.
step() {
  local name=$1 seconds=$2 left=$((limit - SECONDS - $3)) log=$4 start=$SECONDS verdict
  shift 4
  [ "$seconds" -le "$left" ] || seconds=$left
  note=''
  if [ "$seconds" -lt 5 ]; then
    verdict='NOT RUN'
    note='no time left'
    not_run=$((not_run + 1))
  else
    deadline=$((SECONDS + seconds))
    echo "== $name" >&2
    "$@" >>"$results/$log" 2>&1
    case $? in
      0) verdict=PASS ;;
      77) verdict=SKIPPED ;;
      124)
        verdict='NOT RUN'
        note="did not end within $seconds s${note:+; $note}"
        not_run=$((not_run + 1))
        ;;
      *)
        verdict=FAIL
        failed=$((failed + 1))
        note="see $log${note:+; $note}"
        ;;
    esac
  fi
  steps=$((steps + 1))
  say "$(printf '%-8s %4d s  %-15s %s' "$verdict" $((SECONDS - start)) "$name" "$note")"
}

machine() {
  date -u
  echo "bundle $(cat "$here/version"), backend $backend"
  uname -srm
  grep -m 1 'model name' /proc/cpuinfo
  echo "$(nproc) processors, $(grep MemTotal /proc/meminfo)"
  if find_tool nvidia-smi >/dev/null; then
    "$(find_tool nvidia-smi)" --query-gpu=name,driver_version,memory.total,compute_cap,clocks.max.sm,clocks.max.memory \
      --format=csv
  else
    echo "no nvidia-smi"
  fi
  if find_tool nvcc >/dev/null; then
    "$(find_tool nvcc)" --version | tail -2
  else
    echo "no nvcc"
  fi
}

library() {
  local tool architectures
  tool=$(find_tool "$compiler") || {
    note="no $compiler; the prebuilt library is used"
    return 77
  }
  # code for the device that is here
  architectures=$({ "$(find_tool nvidia-smi)" --query-gpu=compute_cap --format=csv,noheader | tr -d .; } 2>/dev/null | sort -u)
  export ESPALIER_ARCHITECTURES=${architectures:-80 90} NVCC=$tool CXX=$tool
  limited "$here/build-native.sh" "$here/native" "$target" "$scratch/building"
  local status=$?
  if [ "$status" -eq 0 ]; then
    mv "$scratch/building" "$scratch/native"
    note="built with $compiler for ${ESPALIER_ARCHITECTURES//$'\n'/ }"
    [ "$target" = cuda ] || note="built with $compiler"
  else
    note='the prebuilt library is used'
  fi
  return "$status"
}

# Runs all native tests, with a command before them; counts those that passed.
native_tests() {
  local passed=0 bad='' unfinished='' test status
  [ -d "$scratch/native/tests" ] || {
    note='they were not built'
    return 77
  }
  for test in "$scratch"/native/tests/*; do
    echo "== $* $(basename "$test")"
    limited "$@" "$test"
    status=$?
    case $status in
      0) passed=$((passed + 1)) ;;
      124) unfinished+=" $(basename "$test")" ;;
      *) bad+=" $(basename "$test") ($status)" ;;
    esac
  done
  note="$passed passed${bad:+, failed:$bad}${unfinished:+, not ended:$unfinished}"
  [ -z "$bad" ] || return 1
  [ -z "$unfinished" ] || return 124
}

sanitizer() {
  local tool=''
  [ "$backend" != cuda ] || tool=$(find_tool compute-sanitizer)
  [ -n "$tool" ] || {
    note='no compute-sanitizer, or no device for it'
    return 77
  }
  native_tests "$tool" --tool "$1" --error-exitcode 9
}

catalogue() {
  java catalogue "$backend" 30
  local status=$?
  note_lines 'cases agree' "$results/catalogue.log"
  return "$status"
}

training() {
  java training "$backend" "$scratch/runs" ${settings[@]+"${settings[@]}"}
  local status=$?
  note_lines '^losses\|^test accuracy\|^two runs' "$results/training.log"
  return "$status"
}

benchmarks() {
  java timing "$timed" $((deadline - SECONDS - 15)) "$work" "$results/benchmarks.json"
}

deadline=$limit
machine 2>&1 | tee -a "$results/summary.txt"
step 'build' 180 150 build.log library
step 'native tests' 60 120 native-tests.log native_tests
step 'case catalogue' 90 90 catalogue.log catalogue
step 'SET-MLP' 90 60 training.log training
step 'memcheck' 60 90 sanitizer.log sanitizer memcheck
step 'racecheck' 60 75 sanitizer.log sanitizer racecheck
step 'benchmarks' 100 0 benchmarks.log benchmarks

say ''
say "$(cat "$results/benchmarks.log" 2>/dev/null)"
say ''
if [ "$failed" -gt 0 ]; then
  say "$failed of $steps steps FAILED, after $SECONDS s"
  exit 1
elif [ "$not_run" -gt 0 ]; then
  say "no step failed, but $not_run of $steps were not run to their end, after $SECONDS s"
  exit 2
fi
say "passed, after $SECONDS s"
