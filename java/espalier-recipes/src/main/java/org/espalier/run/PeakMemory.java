/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory this process has held so far, as the operating system counts it. */
public final class PeakMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private PeakMemory() {}

  /** Returns the peak resident set in bytes; empty where the system (any but Linux) keeps none. */
  public static OptionalLong bytes() {
    try {
      return parse(Files.readAllLines(STATUS));
    } catch (IOException notLinux) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong parse(List<String> status) {
    return status.stream()
        .map(PEAK::matcher)
        .filter(Matcher::matches)
        .mapToLong(found -> Long.parseLong(found.group(1)) * 1024)
        .findFirst();
  }
}
