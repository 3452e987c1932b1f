/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.backend.Memory;
import org.espalier.backend.PendingFloats;
import org.espalier.tensor.Tensor;

/**
 * Outputs of one batch, on their way from the device, to see whether the label is among the five
 * best classes. A class is better than another if its output is larger, or equal with a smaller
 * index, so that the best one is the class that losses compare with the label.
 *
 * @param values all rows of the outputs
 * @param classes number of rows
 * @param stride distance between the rows
 * @param labels of the samples
 */
record TopFive(PendingFloats values, int classes, int stride, int[] labels) {

  private static final int BEST = 5;

  /** Tells whether the figure says anything: among five classes or fewer every label is. */
  static boolean makesSense(int classes) {
    return classes > BEST;
  }

  /** Starts to read outputs; what happens to them afterwards does not matter. */
  static TopFive read(Memory memory, Tensor outputs, int[] labels) {
    int count = (outputs.rows() - 1) * outputs.stride() + outputs.positions();
    PendingFloats values = memory.downloadLater(outputs.buffer(), outputs.offset(), count);
    return new TopFive(values, outputs.rows(), outputs.stride(), labels);
  }

  /** Returns how many labels are among the five best classes; to be called once. */
  int hits() {
    return hits(BEST);
  }

  /** Returns how many labels are among the best classes, waiting for the outputs if need be. */
  int hits(int best) {
    float[] outputs = new float[(classes - 1) * stride + labels.length];
    values.get(outputs, 0);
    int hits = 0;
    for (int p = 0; p < labels.length; p++) {
      hits += better(outputs, p, labels[p]) < best ? 1 : 0;
    }
    return hits;
  }

  /** Returns how many classes are better than the label; an output that is NaN is the worst. */
  private int better(float[] outputs, int position, int label) {
    float own = outputs[label * stride + position];
    int better = Float.isNaN(own) ? classes : 0;
    for (int c = 0; c < classes; c++) {
      float other = outputs[c * stride + position];
      better += other > own || other == own && c < label ? 1 : 0;
    }
    return better;
  }
}
