#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the native library and its tests from the sources, all files at once, where there may be no CMake:
#   build-native.sh SOURCES cuda|emulated FOLDER
# leaves FOLDER/libespalier_cuda.so (or _emulated) and FOLDER/tests. The compiler is nvcc, or $NVCC; or g++, or $CXX.
# Code is made for the compute capabilities in $ESPALIER_ARCHITECTURES (default "80 90"). Flags and choice of files are
# those of the CMake build, warnings apart.
set -euo pipefail

[ $# -eq 3 ] || { echo "usage: $0 SOURCES cuda|emulated FOLDER" >&2; exit 2; }
sources=$(cd "$1" && pwd)
target=$2
mkdir -p "$3/objects" "$3/tests"
out=$(cd "$3" && pwd)
jobs=${ESPALIER_JOBS:-$(nproc)}

common=(-std=c++17 -I"$sources" -I"$sources/include")
case $target in
  cuda)
    # no fused multiply-adds but those that a kernel asks for: both compilers compute the same bits
    compiler=("${NVCC:-nvcc}" "${common[@]}" -O3 -lineinfo -DESPALIER_CUDA -fmad=false -cudart static
      -Xcompiler "-fPIC,-fvisibility=hidden,-ffp-contract=off")
    as_kernels=(-x cu)
    newest=''
    for architecture in ${ESPALIER_ARCHITECTURES:-80 90}; do
      compiler+=(-gencode "arch=compute_$architecture,code=sm_$architecture")
      newest=$architecture
    done
    # for devices newer than all of these
    compiler+=(-gencode "arch=compute_$newest,code=compute_$newest")
    link=(-Xlinker "--exclude-libs=ALL,--no-undefined" -Xcompiler "-static-libgcc,-static-libstdc++,-pthread")
    others='_emulated\.(cu|cpp)$'
    ;;
  emulated)
    compiler=("${CXX:-g++}" "${common[@]}" -O2 -march=x86-64-v3 -fPIC -fvisibility=hidden -ffp-contract=off -pthread)
    as_kernels=(-xc++)
    link=("-Wl,--exclude-libs=ALL,--no-undefined" -static-libgcc -static-libstdc++)
    others='_cuda\.(cu|cpp)$'
    ;;
  *)
    echo "build-native: there is no target '$target'; expected cuda or emulated." >&2
    exit 2
    ;;
esac

# The object of a source file, named for its whole path: files of two families may have one name.
object_of() {
  local name=${1#"$sources"/}
  echo "$out/objects/${name//\//-}.o"
}

compile() {
  local language=()
  case $1 in *.cu | *_test.cpp) language=("${as_kernels[@]}") ;; esac
  "${compiler[@]}" "${language[@]}" -c "$1" -o "$(object_of "$1")" || {
    echo "build-native: $1 does not compile." >&2
    return 1
  }
}

# spmm/spmm_test.cpp is spmm_test, spmm/tail_test.cpp is spmm_tail_test
link_test() {
  local name family
  name=$(basename "$1" .cpp)
  family=$(basename "$(dirname "$1")")
  [[ $name == "${family}_"* ]] || name=${family}_$name
  "${compiler[@]}" "$(object_of "$1")" "$out/objects/kernels.a" "${link[@]}" -o "$out/tests/$name"
}

# Runs a function for each of some files, so many at a time. The first that fails makes the whole fail.
for_each() {
  local run=$1 failed=0
  shift
  for file in "$@"; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
      wait -n || failed=1
    done
    "$run" "$file" &
  done
  while [ -n "$(jobs -p)" ]; do
    wait -n || failed=1
  done
  return "$failed"
}

mapfile -t files < <(printf '%s\n' "$sources"/*/*.cu "$sources"/*/*.cpp | grep -Ev "$others")
tests=()
kernels=()
for file in "${files[@]}"; do
  case $file in
    *_test.cpp) tests+=("$file") ;;
    *) kernels+=("$file") ;;
  esac
done

for_each compile "${files[@]}"
objects=()
for file in "${kernels[@]}"; do
  objects+=("$(object_of "$file")")
done
"${compiler[@]}" -shared "${objects[@]}" "${link[@]}" -o "$out/libespalier_$target.so"
rm -f "$out/objects/kernels.a"
ar rcs "$out/objects/kernels.a" "${objects[@]}"
for_each link_test "${tests[@]}"
rm -r "$out/objects"
echo "built libespalier_$target.so from ${#kernels[@]} files, and ${#tests[@]} test programs"
