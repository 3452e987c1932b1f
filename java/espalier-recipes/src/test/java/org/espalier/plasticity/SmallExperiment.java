/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.plasticity;

import java.util.List;
import java.util.OptionalDouble;
import org.espalier.backend.Backend;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.optim.LearningRate;
import org.espalier.optim.Optimizer;
import org.espalier.optim.Sgd;
import org.espalier.sparse.Keys;
import org.espalier.sparse.ValueRule;
import org.espalier.topology.UniformDensity;
import org.espalier.train.SampleSource;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingPlan;

/** An experiment of a second or less: three overlapping clouds and two sparse layers. */
final class SmallExperiment {

  static final int FEATURES = 12;
  static final int CLASSES = 3;
  static final int HIDDEN = 20;
  static final int EPOCHS = 4;
  static final int BATCH = 16;

  private SmallExperiment() {}

  static PlasticityRequest request(OptionalDouble exchange, Double... remove) {
    return new PlasticityRequest(List.of(0.5, 1.0), List.of(remove), 2, exchange, 2);
  }

  /** The learning rate drops after half of the epochs. */
  static TrainingPlan plan() {
    return plan(new Sgd(0.9f, true, 1e-3f));
  }

  static TrainingPlan plan(Optimizer optimizer) {
    return new TrainingPlan(
        EPOCHS,
        BATCH,
        3,
        new Loss.SoftmaxCrossEntropy(0),
        optimizer,
        new LearningRate.Step(0.05, List.of(0.5), 0.1),
        0,
        null,
        1);
  }

  static SampleSource clouds(int count, long seed) {
    ValueRule normal = new ValueRule(ValueRule.Kind.NORMAL, 1);
    float[] rows = new float[count * FEATURES];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (int) Long.remainderUnsigned(Keys.of(seed, 1, i), CLASSES);
      for (int f = 0; f < FEATURES; f++) {
        float centre = normal.valueAt(99, labels[i] * FEATURES + f);
        rows[i * FEATURES + f] = centre + 1.5f * normal.valueAt(seed, i * FEATURES + f);
      }
    }
    return SampleSource.of(rows, FEATURES, labels, CLASSES);
  }

  static Network network(Backend backend, double density) {
    NetworkSpec spec =
        NetworkSpec.inputs(FEATURES)
            .sparseLinear(HIDDEN)
            .relu()
            .dropout(0.1f)
            .sparseLinear(CLASSES);
    return new NetworkBuilder(spec, new UniformDensity(density), WeightInit.HE, false, 7, 2 * BATCH)
        .build(backend);
  }

  /** Runs the whole experiment on a fresh network. */
  static List<PlasticityPoint> run(double density, PlasticityRequest request) {
    try (Backend backend = new ScalarBackend();
        Network network = network(backend, density)) {
      return new PlasticityExperiment(
              network, plan(), clouds(150, 1), clouds(200, 2), request, new PlasticityListener() {})
          .run(new TrainingListener() {});
    }
  }
}
