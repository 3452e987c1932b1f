/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.util.stream.IntStream;

/**
 * What two cores of this machine are worth at the moment, beside two of those that promised seconds
 * were set for (Zen 4 at 3.7 GHz). Both make two scalar multiply-adds a cycle if nobody else is on
 * them, so their rate tells the clock and what other jobs leave of the cores.
 */
final class ClockProbe {

  /** Multiply-adds a second of one core of the reference. */
  private static final double REFERENCE = 7.4e9;

  private static final int ROUNDS = 4_000_000;
  private static final int CHAINS = 8;
  private static final int ATTEMPTS = 40;

  private static volatile float sink;

  private ClockProbe() {}

  /** Returns the rate of the slower of two cores at its best, as a share of the reference. */
  static double shareOfReference() {
    return IntStream.range(0, 2).parallel().mapToDouble(core -> rate()).min().orElseThrow()
        / REFERENCE;
  }

  private static double rate() {
    double best = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long started = System.nanoTime();
      sink = multiplyAdd(0.999f, 0.001f);
      best = Math.max(best, (double) ROUNDS * CHAINS / (System.nanoTime() - started) * 1e9);
    }
    return best;
  }

  /** Eight chains hide the latency of two multiply-add units. */
  private static float multiplyAdd(float factor, float term) {
    float a = 0;
    float b = 1;
    float c = 2;
    float d = 3;
    float e = 4;
    float f = 5;
    float g = 6;
    float h = 7;
    for (int round = 0; round < ROUNDS; round++) {
      a = Math.fma(a, factor, term);
      b = Math.fma(b, factor, term);
      c = Math.fma(c, factor, term);
      d = Math.fma(d, factor, term);
      e = Math.fma(e, factor, term);
      f = Math.fma(f, factor, term);
      g = Math.fma(g, factor, term);
      h = Math.fma(h, factor, term);
    }
    return a + b + c + d + e + f + g + h;
  }
}
