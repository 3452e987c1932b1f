#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Puts a built espalier command with a Java runtime of its own into a folder:
#   docker/install.sh FOLDER        after mvn package; JAVA_HOME names the JDK
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dist=$root/java/espalier-cli/target/dist
[ -d "$dist" ] || { echo "install: $dist is not there; build the command with mvn package first." >&2; exit 1; }

mkdir -p "$1"
cp -r "$dist" "$1/lib"
cp "$root/espalier" "$root/LICENSE" "$1"
"$root/docker/java-runtime.sh" "${JAVA_HOME:?expected the folder of a JDK}" "$1/jre" java.desktop
