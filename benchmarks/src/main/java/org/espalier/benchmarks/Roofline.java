/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.benchmarks.ResultFile.Result;

/**
 * What the machine can do at most, as {@link RooflineProbe} measured it on all processors.
 *
 * @param gigaflops multiply-adds per second, counted as two, in billions
 * @param gigabytes billions of bytes read per second, by the number of bytes that each processor
 *     reads over and over
 */
record Roofline(double gigaflops, TreeMap<Long, Double> gigabytes) {

  /** The shortest possible time and what sets it. */
  record Limit(double microseconds, String cause) {}

  /** Collects the probes of a file; those it does not hold set no limit. */
  static Roofline of(List<Result> results) {
    double gigaflops = Double.POSITIVE_INFINITY;
    TreeMap<Long, Double> gigabytes = new TreeMap<>();
    for (Result result : results) {
      double perThread = 1e-3 * result.threads() / result.microseconds();
      if (result.benchmark().equals("RooflineProbe.multiplyAdd")) {
        gigaflops = MultiplyAdds.FLOPS * perThread;
      } else if (result.benchmark().equals("RooflineProbe.read")) {
        long area = Long.parseLong(result.params().get("bytes"));
        gigabytes.put(area, bytesRead(area) * perThread);
      }
    }
    return new Roofline(gigaflops, gigabytes);
  }

  /**
   * Returns the bytes that one run of the reading probe loads on one thread: a mebibyte or more.
   */
  static long bytesRead(long areaBytes) {
    return areaBytes * Math.max(1, (1 << 20) / areaBytes);
  }

  boolean measured() {
    return Double.isFinite(gigaflops) && !gigabytes.isEmpty();
  }

  /**
   * Returns the limit of an operation. Its bytes count as read from the smallest area that holds
   * them, as if each thread had an equal share.
   *
   * @param processors of the machine, all of which the probes ran on
   * @param threads of the operation
   */
  Limit limit(long flops, long bytes, int processors, int threads) {
    Map.Entry<Long, Double> area = gigabytes.ceilingEntry(bytes / threads);
    if (area == null) {
      area = gigabytes.lastEntry();
    }
    double share = Math.min(1, threads / (double) processors);
    double compute = 1e-3 * flops / (gigaflops * share);
    double memory = 1e-3 * bytes / (area.getValue() * share);
    return compute >= memory
        ? new Limit(compute, "compute")
        : new Limit(memory, "read " + size(area.getKey()));
  }

  static String size(long bytes) {
    return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
  }
}
