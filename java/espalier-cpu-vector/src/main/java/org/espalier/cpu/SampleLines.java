/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import org.espalier.backend.SampleArray;
import org.espalier.tensor.Tensor;

/**
 * Copies samples from the arrays in which they stand, 8 in turns, a line of each: the processor
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
   * @param samples in arrays, of which only what is to be copied is read
   * @param out feature {@code f} of sample {@code position + i} goes to {@code BASE + i * stride +
   *     f - first}; other rows up to a multiple of 8 are overwritten, too
   */
  static void copy(
      SampleArray samples, int position, int count, int first, int end, float[] out, int stride) {
    int whole = (end - first) / LINE * LINE;
    int last = position + count - 1;
    for (int p = position; p <= last; p += STREAMS) {
      lines(samples, p, last, first, whole, out, BASE + (p - position) * stride, stride);
    }
    for (int p = position; p <= last; p++) {
      int from = samples.start(p) + first + whole;
      int to = BASE + (p - position) * stride + whole;
      System.arraycopy(samples.array(p), from, out, to, end - first - whole);
    }
  }

  /** Copies whole lines, {@code count} numbers of each of 8 samples, or of the last one again. */
  private static void lines(
      SampleArray samples,
      int position,
      int last,
      int first,
      int count,
      float[] out,
      int to,
      int stride) {
    int p1 = Math.min(position + 1, last);
    int p2 = Math.min(position + 2, last);
    int p3 = Math.min(position + 3, last);
    int p4 = Math.min(position + 4, last);
    int p5 = Math.min(position + 5, last);
    int p6 = Math.min(position + 6, last);
    int p7 = Math.min(position + 7, last);
    float[] a0 = samples.array(position);
    float[] a1 = samples.array(p1);
    float[] a2 = samples.array(p2);
    float[] a3 = samples.array(p3);
    float[] a4 = samples.array(p4);
    float[] a5 = samples.array(p5);
    float[] a6 = samples.array(p6);
    float[] a7 = samples.array(p7);
    int s0 = first + samples.start(position);
    int s1 = first + samples.start(p1);
    int s2 = first + samples.start(p2);
    int s3 = first + samples.start(p3);
    int s4 = first + samples.start(p4);
    int s5 = first + samples.start(p5);
    int s6 = first + samples.start(p6);
    int s7 = first + samples.start(p7);
    for (int k = 0; k < count; k += LINE) {
      int at = to + k;
      line(a0, s0 + k, out, at);
      line(a1, s1 + k, out, at + stride);
      line(a2, s2 + k, out, at + 2 * stride);
      line(a3, s3 + k, out, at + 3 * stride);
      line(a4, s4 + k, out, at + 4 * stride);
      line(a5, s5 + k, out, at + 5 * stride);
      line(a6, s6 + k, out, at + 6 * stride);
      line(a7, s7 + k, out, at + 7 * stride);
    }
  }

  private static void line(float[] in, int from, float[] out, int to) {
    FloatVector.fromArray(Lanes.F, in, from).intoArray(out, to);
    if (L < LINE) {
      FloatVector.fromArray(Lanes.F, in, from + L).intoArray(out, to + L);
    }
  }
}
