/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.portable.RowArrays.FIRST;
import static org.espalier.backend.portable.RowArrays.FROM;
import static org.espalier.backend.portable.RowArrays.end;

import org.espalier.backend.Activation;

/**
 * Activations and their gradients on row arrays, in place and, where possible, without branches.
 */
final class RowActivation {

  /** Twice this lifts the smallest number above 1. */
  private static final float HUGE = 0x1p127f;

  private RowActivation() {}

  /** {@code row = f(row)}. */
  static void activate(Activation activation, float[] row, int width) {
    switch (activation.kind()) {
      case RELU -> relu(row, end(width));
      case LEAKY_RELU -> leakyRelu(activation.slope(), row, end(width));
      case SIGMOID -> sigmoid(row, FIRST + width);
      case TANH -> tanh(row, FIRST + width);
      default -> throw new IllegalArgumentException("no kernel for " + activation);
    }
  }

  /**
   * {@code row = row * f'}.
   *
   * @param known the input or output of the activation that its derivative is read off
   */
  static void gradient(Activation activation, float[] known, float[] row, int width) {
    switch (activation.kind()) {
      case RELU -> reluGradient(known, row, end(width));
      case LEAKY_RELU -> leakyReluGradient(activation.slope(), known, row, end(width));
      case SIGMOID -> sigmoidGradient(known, row, end(width));
      case TANH -> tanhGradient(known, row, end(width));
      default -> throw new IllegalArgumentException("no kernel for " + activation);
    }
  }

  private static void relu(float[] row, int end) {
    for (int j = FROM; j < end; j++) {
      row[j] = Math.max(row[j], 0);
    }
  }

  private static void leakyRelu(float slope, float[] row, int end) {
    for (int j = FROM; j < end; j++) {
      row[j] = Math.max(row[j], 0) + slope * Math.min(row[j], 0);
    }
  }

  private static void sigmoid(float[] row, int end) {
    for (int j = FIRST; j < end; j++) {
      row[j] = PortableMath.sigmoid(row[j]);
    }
  }

  private static void tanh(float[] row, int end) {
    for (int j = FIRST; j < end; j++) {
      row[j] = PortableMath.tanh(row[j]);
    }
  }

  private static void reluGradient(float[] known, float[] row, int end) {
    for (int j = FROM; j < end; j++) {
      float positive = Math.min(Math.max(known[j], 0) * HUGE * HUGE, 1); // 1 or 0
      row[j] = row[j] * positive;
    }
  }

  private static void leakyReluGradient(float slope, float[] known, float[] row, int end) {
    for (int j = FROM; j < end; j++) {
      float positive = Math.min(Math.max(known[j], 0) * HUGE * HUGE, 1);
      row[j] = row[j] * positive + row[j] * slope * (1 - positive);
    }
  }

  private static void sigmoidGradient(float[] known, float[] row, int end) {
    for (int j = FROM; j < end; j++) {
      row[j] = row[j] * (known[j] * (1 - known[j]));
    }
  }

  private static void tanhGradient(float[] known, float[] row, int end) {
    for (int j = FROM; j < end; j++) {
      row[j] = row[j] * (1 - known[j] * known[j]);
    }
  }
}
