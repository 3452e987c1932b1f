#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the benchmark jar and runs it, or compares two earlier results, or two versions in turns:
#   benchmarks/run.sh [JMH options]            for example: -p backend=cpu OperationBenchmark
#   benchmarks/run.sh compare OLD.json NEW.json
#   benchmarks/run.sh versus OTHER.jar BENCHMARK [NAME=VALUE ...]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
jar=$root/benchmarks/target/benchmarks.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

(cd "$root" && mvn -q -B -pl benchmarks -am package -DskipTests)

case ${1:-} in
compare | versus) exec "$java" -jar "$jar" "$@" ;;
esac

results=$root/benchmarks/results
name=$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$results"
{
  date -u
  git -C "$root" describe --always --dirty 2>/dev/null || true
  uname -srm
  (lscpu || sysctl -n machdep.cpu.brand_string) 2>/dev/null || true
  (grep MemTotal /proc/meminfo) 2>/dev/null || true
  "$java" -version 2>&1
} >"$results/$name.machine.txt"
"$java" -jar "$jar" -rf json -rff "$results/$name.json" "$@"
echo
"$java" -jar "$jar" report "$results/$name.json" >"$results/$name.txt"
cat "$results/$name.txt"
echo "Written: $results/$name.json, .txt and .machine.txt"
