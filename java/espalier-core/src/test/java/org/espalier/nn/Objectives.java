/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.backend.Backend;
import org.espalier.backend.Memory;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/** What gradient checks differentiate. */
final class Objectives {

  private static final ValueRule NORMAL = new ValueRule(ValueRule.Kind.NORMAL, 1);

  private Objectives() {}

  /** The mean loss of the batch, as in training. */
  static GradientCheck.Objective loss(Backend backend, Loss loss, int... labels) {
    return (outputs, dOutputs) -> {
      int n = outputs.positions();
      Memory memory = backend.memory();
      try (DeviceBuffer ofLabels = memory.of(labels);
          DeviceBuffer buffer = memory.allocate(ElementType.FLOAT32, 2L * n)) {
        Tensor outcome = new Tensor(buffer, 0, 2, n, n);
        loss.apply(backend.losses(), outputs, ofLabels, 1f / n, dOutputs, outcome);
        double sum = 0;
        for (float value : memory.floats(buffer, n)) {
          sum += value;
        }
        return sum / n;
      }
    };
  }

  /** A sum of the outputs with fixed random weights: every output matters on its own. */
  static GradientCheck.Objective weightedSum(Backend backend) {
    return (outputs, dOutputs) -> {
      int n = outputs.positions();
      float[] numbers = GradientCheck.download(backend.memory(), outputs);
      float[] weights = random(numbers.length, 77);
      double sum = 0;
      for (int i = 0; i < numbers.length; i++) {
        sum += (double) weights[i] * numbers[i];
      }
      for (int r = 0; dOutputs != null && r < outputs.rows(); r++) {
        long at = dOutputs.offset() + (long) r * dOutputs.stride();
        backend.memory().upload(weights, r * n, dOutputs.buffer(), at, n);
      }
      return sum;
    };
  }

  /** Returns standard normal numbers. */
  static float[] random(int count, long key) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = NORMAL.valueAt(key, i);
    }
    return numbers;
  }
}
