/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.scalar.Matrix.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.espalier.backend.Memory;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses against numbers worked out by hand and finite differences. */
class ScalarLossOpsTest {

  private final ScalarBackend backend = new ScalarBackend();
  private final Memory memory = backend.memory();

  @Test
  void crossEntropyByHand() {
    // softmax of (ln 1, ln 2, ln 5) is (1, 2, 5) / 8; of equal numbers 1/3 each
    Matrix logits = new Matrix(new double[][] {{0, 7}, {Math.log(2), 7}, {Math.log(5), 7}});
    Result result = crossEntropy(logits, 0, 0.5f, 1, 2);
    assertClose(
        new Matrix(new double[][] {{Math.log(4), Math.log(3)}, {0, 0}}), result.outcome(), 1e-6);
    assertClose(
        new Matrix(
            new double[][] {
              {0.5 / 8, 0.5 / 3}, {0.5 * (2.0 / 8 - 1), 0.5 / 3}, {0.5 * 5 / 8, 0.5 * (1.0 / 3 - 1)}
            }),
        result.gradient(),
        1e-7);
  }

  @Test
  void smoothingMixesTheTargetWithTheUniformDistribution() {
    // targets (0.1, 0.8, 0.1) for smoothing 0.3 over three classes
    Matrix logits = new Matrix(new double[][] {{0}, {Math.log(2)}, {Math.log(5)}});
    Result result = crossEntropy(logits, 0.3f, 1, 1);
    double loss = -0.1 * Math.log(1 / 8.0) - 0.8 * Math.log(2 / 8.0) - 0.1 * Math.log(5 / 8.0);
    assertEquals(loss, result.outcome().cells()[0][0], 1e-6);
    assertClose(
        new Matrix(new double[][] {{1 / 8.0 - 0.1}, {2 / 8.0 - 0.8}, {5 / 8.0 - 0.1}}),
        result.gradient(),
        1e-6);
  }

  @Test
  void squaredErrorByHand() {
    Matrix outputs = new Matrix(new double[][] {{0.5, 1}, {2, 0}, {-1, 0}, {0, 0}});
    Result result = squaredError(outputs, 2, 1, 0);
    // (0.25 + 1 + 1 + 0) / 4 for label 1; a perfect answer
    assertClose(new Matrix(new double[][] {{2.25 / 4, 0}, {1, 1}}), result.outcome(), 1e-7);
    assertClose(
        new Matrix(new double[][] {{0.5, 0}, {1, 0}, {-1, 0}, {0, 0}}), result.gradient(), 1e-7);
  }

  @Test
  void theFirstOfEqualOutputsIsTheAnswer() {
    Matrix outputs = new Matrix(new double[][] {{1, 1, 0}, {3, 3, 0}, {3, 3, 0}});
    assertClose(
        new Matrix(new double[][] {{1, 0, 1}}),
        new Matrix(new double[][] {crossEntropy(outputs, 0, 1, 1, 2, 0).outcome().cells()[1]}),
        0);
    assertClose(
        new Matrix(new double[][] {{1, 0, 1}}),
        new Matrix(new double[][] {squaredError(outputs, 1, 1, 2, 0).outcome().cells()[1]}),
        0);
  }

  @Test
  void hugeLogitsNeitherOverflowNorVanish() {
    Matrix logits = new Matrix(new double[][] {{1e30, -1e4}, {0, 1e4}});
    Result result = crossEntropy(logits, 0, 1, 0, 0);
    assertClose(new Matrix(new double[][] {{0, 2e4}, {1, 0}}), result.outcome(), 1e-2);
    assertClose(new Matrix(new double[][] {{0, -1}, {0, 1}}), result.gradient(), 0);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 0.1f, 0.7f})
  void crossEntropyGradientIsTheDifferenceQuotientOfTheLoss(float smoothing) {
    Matrix logits = Matrix.random(5, 4, 1);
    int[] labels = {0, 4, 2, 2};
    Matrix gradient = crossEntropy(logits, smoothing, 3, labels).gradient();
    double h = 1e-5;
    for (int c = 0; c < 5; c++) {
      for (int p = 0; p < 4; p++) {
        double slope =
            (lossOf(logits, p, labels[p], smoothing, c, h)
                    - lossOf(logits, p, labels[p], smoothing, c, -h))
                / (2 * h);
        assertEquals(3 * slope, gradient.cells()[c][p], 1e-6);
      }
    }
  }

  /**
   * Cross-entropy of one position with one logit nudged, as log-sum-exp minus the expected logit.
   */
  private static double lossOf(
      Matrix logits, int position, int label, double smoothing, int nudged, double by) {
    double sum = 0;
    double expected = 0;
    for (int c = 0; c < 5; c++) {
      double logit = logits.cells()[c][position] + (c == nudged ? by : 0);
      sum += Math.exp(logit);
      expected += logit * (smoothing / 5 + (c == label ? 1 - smoothing : 0));
    }
    return Math.log(sum) - expected;
  }

  @Test
  void squaredErrorGradientIsTheDifferenceQuotientOfTheLoss() {
    Matrix outputs = Matrix.random(3, 2, 1);
    int[] labels = {2, 0};
    Matrix gradient = squaredError(outputs, 5, labels).gradient();
    double h = 0x1p-10;
    for (int c = 0; c < 3; c++) {
      for (int p = 0; p < 2; p++) {
        double at = outputs.cells()[c][p];
        outputs.cells()[c][p] = at + h;
        double up = squaredError(outputs, 5, labels).outcome().cells()[0][p];
        outputs.cells()[c][p] = at - h;
        double down = squaredError(outputs, 5, labels).outcome().cells()[0][p];
        outputs.cells()[c][p] = at;
        assertEquals(5 * (up - down) / (2 * h), gradient.cells()[c][p], 2e-3);
      }
    }
  }

  @Test
  void theGradientMayOverwriteTheOutputsOrBeLeftOut() {
    Matrix logits = Matrix.random(6, 9, 1);
    int[] labels = {0, 1, 2, 3, 4, 5, 0, 1, 2};
    Result separate = crossEntropy(logits, 0.1f, 1, labels);
    Tensor inPlace = logits.tensor(memory);
    Tensor outcome = Matrix.zeros(2, 9).tensor(memory);
    DeviceBuffer buffer = memory.of(labels);
    backend.losses().softmaxCrossEntropy(inPlace, buffer, 0.1f, 1, null, outcome);
    assertClose(logits, Matrix.of(memory, inPlace), 0);
    assertClose(separate.outcome(), Matrix.of(memory, outcome), 0);
    backend.losses().softmaxCrossEntropy(inPlace, buffer, 0.1f, 1, inPlace, outcome);
    assertClose(separate.gradient(), Matrix.of(memory, inPlace), 0);
    assertClose(separate.outcome(), Matrix.of(memory, outcome), 0);

    Result squared = squaredError(logits, 1, labels);
    Tensor outputs = logits.tensor(memory);
    backend.losses().squaredError(outputs, buffer, 1, null, outcome);
    assertClose(squared.outcome(), Matrix.of(memory, outcome), 0);
    backend.losses().squaredError(outputs, buffer, 1, outputs, outcome);
    assertClose(squared.gradient(), Matrix.of(memory, outputs), 0);
    assertClose(squared.outcome(), Matrix.of(memory, outcome), 0);
  }

  private record Result(Matrix gradient, Matrix outcome) {}

  private Result crossEntropy(Matrix logits, float smoothing, float scale, int... labels) {
    Tensor gradient = Matrix.zeros(logits.rows(), logits.columns()).tensor(memory);
    Tensor outcome = Matrix.zeros(2, logits.columns()).tensor(memory);
    backend
        .losses()
        .softmaxCrossEntropy(
            logits.tensor(memory), memory.of(labels), smoothing, scale, gradient, outcome);
    return new Result(Matrix.of(memory, gradient), Matrix.of(memory, outcome));
  }

  private Result squaredError(Matrix outputs, float scale, int... labels) {
    Tensor gradient = Matrix.zeros(outputs.rows(), outputs.columns()).tensor(memory);
    Tensor outcome = Matrix.zeros(2, outputs.columns()).tensor(memory);
    backend
        .losses()
        .squaredError(outputs.tensor(memory), memory.of(labels), scale, gradient, outcome);
    return new Result(Matrix.of(memory, gradient), Matrix.of(memory, outcome));
  }
}
