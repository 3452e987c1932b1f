/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.espalier.backend.Backend;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.topology.UniformDensity;
import org.espalier.train.SampleSource;
import org.espalier.train.Trainer;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingPlan;
import org.junit.jupiter.api.Test;

/**
 * A network trains with cuSPARSE's products, topology updates and all, and leaves nothing behind.
 */
class CusparseTrainingTest {

  private static final int SAMPLES = 240;
  private static final int FEATURES = 20;

  @Test
  void trainsThroughTopologyUpdates() {
    float[] rows = new float[SAMPLES * FEATURES];
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i % 3;
      rows[i * FEATURES + 5 * labels[i]] = 1 + i % 7; // one feature tells the class
    }
    SampleSource source = SampleSource.of(rows, FEATURES, labels, 3);
    NetworkSpec layers =
        NetworkSpec.inputs(FEATURES).sparseLinear(30).relu().sparseLinear(20).relu().denseLinear(3);
    TrainingPlan plan = TrainingPlan.set(8, 0.05);
    try (Backend backend = CusparseStub.open(SpmmAlgorithm.CSR_ALG3)) {
      try (Network network =
          new NetworkBuilder(
                  layers, new UniformDensity(0.3), WeightInit.HE, true, 1, plan.batchSize())
              .build(backend)) {
        var result = new Trainer(network, plan, new TrainingListener() {}).fit(source, source);
        assertTrue(result.test().accuracy() > 0.9, "accuracy " + result.test().accuracy());
      }
      assertEquals(0, backend.memory().liveBuffers());
    }
  }
}
