/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.backend.Backend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.optim.LearningRate;
import org.espalier.optim.Sgd;
import org.espalier.sparse.Keys;
import org.espalier.sparse.ValueRule;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.UniformDensity;
import org.espalier.topology.UpdateSchedule;

/** Small runs for tests: data that can be told apart, a network, a plan. */
final class Runs {

  static final int FEATURES = 12;
  static final int CLASSES = 3;

  /** Bits of a state: what equal runs have in common. */
  record Bits(Map<String, String> values) {}

  private Runs() {}

  /** Three clouds around random centres, with a little noise. */
  static SampleSource clouds(int count, long seed) {
    ValueRule normal = new ValueRule(ValueRule.Kind.NORMAL, 1);
    float[] rows = new float[count * FEATURES];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (int) Long.remainderUnsigned(Keys.of(seed, 1, i), CLASSES);
      for (int f = 0; f < FEATURES; f++) {
        float centre = normal.valueAt(99, labels[i] * FEATURES + f);
        rows[i * FEATURES + f] = centre + 0.4f * normal.valueAt(seed, i * FEATURES + f);
      }
    }
    return SampleSource.of(rows, FEATURES, labels, CLASSES);
  }

  /** A sparse network with everything whose state a checkpoint must hold. */
  static Network network(Backend backend, int maxPositions) {
    NetworkSpec spec =
        NetworkSpec.inputs(FEATURES)
            .sparseLinear(20)
            .srelu()
            .dropout(0.2f)
            .sparseLinear(16)
            .relu()
            .denseLinear(CLASSES);
    return new NetworkBuilder(spec, new UniformDensity(0.4), WeightInit.HE, true, 7, maxPositions)
        .build(backend);
  }

  /** A plan with batches of 16, checkpoints after every epoch. */
  static TrainingPlan plan(int epochs, UpdateSchedule schedule) {
    return new TrainingPlan(
        epochs,
        16,
        3,
        new Loss.SoftmaxCrossEntropy(0.05f),
        new Sgd(0.9f, true, 1e-3f),
        new LearningRate.Constant(0.05),
        2,
        new TopologyPlan(PruneAndGrow.set(), schedule, 1),
        1);
  }

  /** Returns all numbers of a network and its optimizer. */
  static Bits bits(Network network) {
    State state = new State("bits");
    NetworkState.save(network, state, true);
    Map<String, String> values = new LinkedHashMap<>();
    state.values().forEach((name, value) -> values.put(name, text(value)));
    return new Bits(values);
  }

  /** Writes a value so that different bits differ. */
  static String text(Object value) {
    StringBuilder text = new StringBuilder();
    if (value instanceof float[] floats) {
      for (float number : floats) {
        text.append(Integer.toHexString(Float.floatToRawIntBits(number))).append(' ');
      }
    } else if (value instanceof int[] ints) {
      for (int number : ints) {
        text.append(number).append(' ');
      }
    } else {
      text.append(value);
    }
    return text.toString();
  }
}
