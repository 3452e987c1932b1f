/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.sparse.Keys;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.espalier.topology.UniformDensity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopFiveTest {

  private final ScalarBackend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  /** Returns hits of one sample per label, whose outputs are all the given ones. */
  private int hits(float[] outputs, int best, int... labels) {
    int n = labels.length;
    float[] rows = new float[outputs.length * n];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = outputs[i / n];
    }
    try (DeviceBuffer buffer = backend.memory().of(rows)) {
      Tensor tensor = new Tensor(buffer, 0, outputs.length, n, n);
      return TopFive.read(backend.memory(), tensor, labels).hits(best);
    }
  }

  @Test
  void ofEqualOutputsTheFirstIsBetter() {
    float[] outputs = {1, 3, 2, 3, 2, 2, 0};
    int[] order = {1, 3, 2, 4, 5, 0, 6}; // from the best
    for (int place = 0; place < order.length; place++) {
      assertEquals(1, hits(outputs, place + 1, order[place]));
      assertEquals(0, hits(outputs, place, order[place]));
    }
    assertEquals(5, hits(outputs, 5, 0, 1, 2, 3, 4, 5, 6));
    assertEquals(0, hits(new float[] {Float.NaN, 1, 1, 1, 1, 1}, 5, 0));
  }

  @Test
  void theBestClassIsTheOneThatLossesTake() {
    int n = 200;
    float[] rows = new float[8 * n];
    int[] labels = new int[n];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Long.remainderUnsigned(Keys.of(5, i), 4); // many are equal
    }
    for (int p = 0; p < n; p++) {
      labels[p] = (int) Long.remainderUnsigned(Keys.of(6, p), 8);
    }
    try (DeviceBuffer outputs = backend.memory().of(rows);
        DeviceBuffer wanted = backend.memory().of(labels);
        DeviceBuffer outcomes = backend.memory().allocate(ElementType.FLOAT32, 2 * n)) {
      Tensor tensor = new Tensor(outputs, 0, 8, n, n);
      Tensor outcome = new Tensor(outcomes, 0, 2, n, n);
      new Loss.SoftmaxCrossEntropy(0).apply(backend.losses(), tensor, wanted, 0, null, outcome);
      Tally tally = new Tally(n);
      tally.add(BatchOutcome.read(backend.memory(), outcome));
      int best = TopFive.read(backend.memory(), tensor, labels).hits(1);
      assertTrue(best > 0);
      assertEquals(best / (double) n, tally.result().accuracy());
    }
  }

  @Test
  void evaluationCountsItForMoreThanFiveClassesOnly() {
    assertTrue(Double.isNaN(evaluate(5, 16).topFive()));
    Evaluation batches = evaluate(6, 16);
    assertEquals(evaluate(6, 60).topFive(), batches.topFive());
    assertTrue(batches.topFive() > batches.accuracy() && batches.topFive() < 1);
  }

  private Evaluation evaluate(int classes, int batch) {
    NetworkSpec spec = NetworkSpec.inputs(Runs.FEATURES).denseLinear(classes);
    try (Network network =
        new NetworkBuilder(spec, new UniformDensity(1), WeightInit.HE, true, 1, batch)
            .build(backend)) {
      return Evaluator.evaluate(network, new Loss.MeanSquaredError(), Runs.clouds(60, 2));
    }
  }
}
