/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import org.espalier.backend.SampleReader;
import org.espalier.tensor.Tensor;

/**
 * Copies samples from the array in which they stand, 8 in turns, a line of each: the processor
 * reads ahead in all of them, and has not to begin anew with each.
 */
final class SampleLines {

  /** Samples in turns: as many streams as processors follow. */
  private static final int STREAMS = 8;

  /** Floats of a line. */
  private static final int LINE = Tensor.ROW_ALIGNMENT;

  private SampleLines() {}

  /**
   * Copies features {@code [first, end)} of so many samples, at most 16, from a position on.
   *
   * @param in the array of the samples; only what is to be copied is read
   * @param out feature {@code f} of sample {@code position + i} goes to {@code BASE + i * stride +
   *     f - first}; other rows up to a multiple of 8 are overwritten, too
   */
  static void copy(
      SampleReader samples,
      float[] in,
      int position,
      int count,
      int first,
      int end,
      float[] out,
      int stride) {
    int whole = (end - first) / LINE * LINE;
    int last = position + count - 1;
    for (int p = position; p <= last; p += STREAMS) {
      // the last sample again where there are no 8
      lines(
          in,
          first + samples.start(p),
          first + samples.start(Math.min(p + 1, last)),
          first + samples.start(Math.min(p + 2, last)),
          first + samples.start(Math.min(p + 3, last)),
          first + samples.start(Math.min(p + 4, last)),
          first + samples.start(Math.min(p + 5, last)),
          first + samples.start(Math.min(p + 6, last)),
          first + samples.start(Math.min(p + 7, last)),
          whole,
          out,
          BASE + (p - position) * stride,
          stride);
    }
    int rest = end - first - whole;
    for (int i = 0; i < count; i++) {
      int from = first + whole + samples.start(position + i);
      System.arraycopy(in, from, out, BASE + i * stride + whole, rest);
    }
  }

  /** Copies whole lines, {@code count} numbers of each of 8 samples. */
  private static void lines(
      float[] in,
      int s0,
      int s1,
      int s2,
      int s3,
      int s4,
      int s5,
      int s6,
      int s7,
      int count,
      float[] out,
      int to,
      int stride) {
    for (int k = 0; k < count; k += LINE) {
      int at = to + k;
      line(in, s0 + k, out, at);
      line(in, s1 + k, out, at + stride);
      line(in, s2 + k, out, at + 2 * stride);
      line(in, s3 + k, out, at + 3 * stride);
      line(in, s4 + k, out, at + 4 * stride);
      line(in, s5 + k, out, at + 5 * stride);
      line(in, s6 + k, out, at + 6 * stride);
      line(in, s7 + k, out, at + 7 * stride);
    }
  }

  private static void line(float[] in, int from, float[] out, int to) {
    FloatVector.fromArray(Lanes.F, in, from).intoArray(out, to);
    if (L < LINE) {
      FloatVector.fromArray(Lanes.F, in, from + L).intoArray(out, to + L);
    }
  }
}
