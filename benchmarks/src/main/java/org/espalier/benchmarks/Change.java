/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.espalier.benchmarks.ResultFile.Result;

/** What changed between two result files, in percent of the older time. */
final class Change {

  private static final String ROW = "%-100s %12s %12s %9s  %s%n";

  private Change() {}

  static String table(List<Result> before, List<Result> after) {
    Map<String, Result> now = new LinkedHashMap<>();
    after.forEach(result -> now.put(result.key(), result));
    StringBuilder table =
        new StringBuilder(format(ROW, "benchmark", "old us", "new us", "change", ""));
    for (Result old : before) {
      Result current = now.remove(old.key());
      table.append(current == null ? lone(old, "only in the old file") : row(old, current));
    }
    now.values().forEach(result -> table.append(lone(result, "only in the new file")));
    return table.toString();
  }

  private static String row(Result old, Result current) {
    double difference = current.microseconds() - old.microseconds();
    boolean clear = Math.abs(difference) > old.error() + current.error();
    String verdict = !clear ? "" : difference < 0 ? "faster" : "slower";
    return format(
        ROW,
        label(old),
        format("%.2f", old.microseconds()),
        format("%.2f", current.microseconds()),
        format("%+.1f %%", 100 * difference / old.microseconds()),
        verdict);
  }

  private static String lone(Result result, String where) {
    return format(ROW, label(result), format("%.2f", result.microseconds()), "", "", where);
  }

  private static String label(Result result) {
    return result.params().isEmpty()
        ? result.benchmark()
        : String.join(" ", result.params().values()) + " " + result.benchmark();
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
