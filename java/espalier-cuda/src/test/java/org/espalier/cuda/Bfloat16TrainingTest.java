/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.KernelPolicy;
import org.espalier.backend.KernelPolicy.Precision;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.sparse.ValueRule;
import org.espalier.topology.UniformDensity;
import org.espalier.train.SampleSource;
import org.espalier.train.Trainer;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingPlan;
import org.junit.jupiter.api.Test;

/** SET, topology updates and all, with activations read in 16 bits. */
class Bfloat16TrainingTest {

  private static final int SAMPLES = 600;
  private static final int FEATURES = 40;
  private static final int CLASSES = 3;

  /**
   * Steps in which the losses are compared: three epochs, with two topology updates between them.
   * Later on, one of two connections that are about as weak is pruned here and the other one there,
   * and what grows instead is not the same any more.
   */
  private static final int COMPARED = 18;

  /** Largest relative difference of the losses of a step. */
  private static final double TOLERANCE = 2e-3;

  private record Run(List<Double> losses, double accuracy) {}

  /** Noise, in which one feature in each third tells the class. */
  private static SampleSource samples() {
    ValueRule uniform = new ValueRule(ValueRule.Kind.UNIFORM, 1);
    float[] rows = new float[SAMPLES * FEATURES];
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = uniform.valueAt(1, i);
    }
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i % CLASSES;
      rows[i * FEATURES + 13 * labels[i]] += 1.5f;
    }
    return SampleSource.of(rows, FEATURES, labels, CLASSES);
  }

  private static Run train(Precision precision) {
    NetworkSpec layers =
        NetworkSpec.inputs(FEATURES)
            .sparseLinear(60)
            .relu()
            .sparseLinear(50)
            .relu()
            .denseLinear(CLASSES);
    TrainingPlan plan = TrainingPlan.set(8, 0.05);
    List<Double> losses = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(int epoch, int step, int ofEpoch, double loss) {
            losses.add(loss);
          }
        };
    try (Backend backend = Emulated.open()) {
      backend.use(new KernelPolicy(precision, true));
      try (Network network =
          new NetworkBuilder(
                  layers, new UniformDensity(0.3), WeightInit.HE, true, 1, plan.batchSize())
              .build(backend)) {
        var result = new Trainer(network, plan, listener).fit(samples(), samples());
        return new Run(losses, result.test().accuracy());
      }
    }
  }

  @Test
  void followsTheLossesOfSinglePrecisionAndRepeatsItsBits() {
    Run exact = train(Precision.FP32_EXACT);
    Run rounded = train(Precision.BF16);
    assertEquals(rounded, train(Precision.BF16), "same seed, same bits");
    assertNotEquals(exact.losses(), rounded.losses(), "nothing was rounded");
    for (int i = 0; i < COMPARED; i++) {
      double loss = exact.losses().get(i);
      assertEquals(loss, rounded.losses().get(i), TOLERANCE * loss, "step " + i);
    }
    assertTrue(exact.accuracy() > 0.85, "accuracy " + exact.accuracy());
    assertEquals(exact.accuracy(), rounded.accuracy(), 0.03);
  }
}
