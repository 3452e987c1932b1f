#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the GPU acceptance bundle: one archive that holds everything it takes to accept the CUDA backend on a machine that
# has a GPU and little else. Unpack it there and start its run.sh.
#   ./espalier gpu-bundle [--backend cuda|cuda-emulated] [--out FILE]
# With cuda-emulated it is a rehearsal for machines without a GPU.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
backend=cuda
archive=$PWD/espalier-gpu.tar.gz
max_bytes=45000000

fail() {
  echo "gpu-bundle: $*" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "$1 needs a value; expected --backend NAME or --out FILE."
  case $1 in
    --backend) backend=$2 ;;
    --out) archive=$(realpath -m "$2") ;;
    *) fail "there is no option $1; expected --backend NAME or --out FILE." ;;
  esac
  shift 2
done
case $backend in
  cuda) native=cuda ;;
  cuda-emulated) native=emulated ;;
  *) fail "there is no bundle for backend '$backend'; expected cuda or cuda-emulated." ;;
esac
[ -x "${JAVA_HOME:-}/bin/jlink" ] || fail "JAVA_HOME is not a JDK; start this as ./espalier gpu-bundle, which finds one."
command -v mvn >/dev/null || fail "Maven was not found; it is needed to build Espalier."
if [ "$native" = cuda ] && ! command -v nvcc >/dev/null && [ ! -x /usr/local/cuda/bin/nvcc ]; then
  # the JNI library is built beside the emulated one as well; nvcc is then needed where the bundle runs
  echo "gpu-bundle: nvcc was not found; the bundle will hold no prebuilt CUDA library." >&2
  native=emulated
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bundle=$work/espalier-gpu
mkdir -p "$bundle/lib"

echo "Building ..." >&2
(cd "$root" && mvn -q -B -DskipTests "-Despalier.native=$native" -pl benchmarks,java/espalier-cli -am \
  package dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$bundle/lib") >&2
cp "$root"/benchmarks/target/espalier-benchmarks-*.jar "$root"/java/espalier-cli/target/dist/espalier-cli-*.jar "$bundle/lib"
"$JAVA_HOME/bin/jar" tf "$bundle"/lib/espalier-cuda-*.jar | grep 'libjniespalier\.so' >/dev/null \
  || fail "the JNI library was not built; it takes g++ and cmake."

"$root/docker/java-runtime.sh" "$JAVA_HOME" "$bundle/jre"
mkdir "$bundle/native"
tar c -C "$root/native" --exclude=./target . | tar x -C "$bundle/native" # sources; what was built of them here stays here
cp "$root/espalier" "$root/LICENSE" "$root/benchmarks/gpu/run.sh" "$root/benchmarks/gpu/build-native.sh" "$bundle"
{
  git -C "$root" describe --always --dirty 2>/dev/null || echo 'of unknown version'
} >"$bundle/version"

mkdir -p "$(dirname "$archive")"
tar c -C "$work" --sort=name --owner=0 --group=0 espalier-gpu | gzip -9 >"$work/archive"
bytes=$(stat -c %s "$work/archive")
if [ "$bytes" -ge "$max_bytes" ]; then
  du -sk "$bundle"/* "$bundle"/lib/* | sort -n | tail -12 >&2
  fail "the archive would have $bytes bytes; expected less than $max_bytes. The largest parts in kB are above."
fi
mv "$work/archive" "$archive"
echo "$archive: $bytes bytes. On the GPU machine: tar xzf $(basename "$archive") && espalier-gpu/run.sh $backend"
