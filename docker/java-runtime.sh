#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a Java runtime that holds what the espalier command and its benchmarks need, and no more:
#   docker/java-runtime.sh JDK FOLDER [MODULE...]
# The modules named are added: JPEG and PNG files, which only training on image folders reads, need java.desktop.
# It is left uncompressed: whatever carries it (an archive, an image) compresses better.
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: $0 JDK FOLDER [MODULE...]" >&2; exit 2; }
jdk=$1
[ -x "$jdk/bin/jlink" ] || { echo "java-runtime: $jdk has no bin/jlink; expected the folder of a JDK." >&2; exit 1; }

# logback: java.naming, java.xml. JMH: java.logging, java.management, jdk.unsupported. JavaCPP: the last two as well.
# Downloads on JDK 17: jdk.crypto.ec. The fast CPU backend: jdk.incubator.vector.
modules=java.base
for module in java.logging java.management java.naming java.xml jdk.crypto.ec jdk.incubator.vector jdk.unsupported "${@:3}"; do
  if "$jdk/bin/java" --list-modules | grep -q "^$module\(@\|$\)"; then
    modules+=,$module
  fi
done

# What every start of it would have to ask for.
options=()
[[ $modules != *vector* ]] || options+=(--add-modules=jdk.incubator.vector)
[ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$jdk/release")" -lt 22 ] || options+=(--enable-native-access=ALL-UNNAMED)

# Quiet unless it fails: jlink warns on every run that the vector module is incubating.
said=$("$jdk/bin/jlink" --add-modules "$modules" ${options:+--add-options="${options[*]}"} \
  --strip-debug --no-header-files --no-man-pages --output "$2" 2>&1) || { echo "$said" >&2; exit 1; }
