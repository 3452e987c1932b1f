/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import org.espalier.run.DegreeStatistics;

/**
 * Degrees in groups that a histogram can draw. The groups span what a random topology would have
 * and nearly all of what there is; the last one also holds the few beyond.
 *
 * @param first degree of the first group
 * @param width degrees in a group
 * @param count groups
 */
record Bins(int first, int width, int count) {

  private static final int MOST = 60;
  private static final double NEARLY_ALL = 0.98;

  static Bins of(DegreeStatistics degrees) {
    double spread = 3.5 * degrees.randomDeviation();
    int low = (int) Math.max(0, Math.min(degrees.min(), Math.floor(degrees.mean() - spread)));
    int random = (int) Math.min(degrees.possible(), Math.ceil(degrees.mean() + spread));
    int high = Math.max(random, degrees.quantile(NEARLY_ALL));
    int width = (high - low) / MOST + 1;
    int first = low - low % width;
    return new Bins(first, width, (high - first) / width + 1);
  }

  /** Returns the group of a degree. */
  int of(int degree) {
    return Math.min(count - 1, (degree - first) / width);
  }

  /** Returns the first degree of a group, or the one after the last group. */
  int start(int bin) {
    return first + bin * width;
  }

  /** Returns the first degree that is beyond the last group's own. */
  int end() {
    return start(count);
  }
}
