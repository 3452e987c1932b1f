/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.time.Instant;
import org.espalier.backend.Backend;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.sparse.Keys;
import org.espalier.topology.ErdosRenyiEpsilon;
import org.espalier.train.SampleSource;
import org.espalier.train.TrainingPlan;

/** A run of a second or less: images of 12 x 12 with a bright spot whose place is the class. */
final class SmallRun {

  static final int SIDE = 12;
  static final int CLASSES = 4;

  static final RunSummary.Setting SETTING =
      new RunSummary.Setting(
          "set-mlp", "spots", "cpu-scalar", 1, 1, "0.1.0", Instant.parse("2026-01-02T03:04:05Z"));

  private SmallRun() {}

  static Network network(Backend backend) {
    NetworkSpec spec =
        NetworkSpec.inputs(SIDE * SIDE)
            .sparseLinear(80)
            .relu()
            .sparseLinear(60)
            .relu()
            .denseLinear(CLASSES);
    WeightInit init = new WeightInit(WeightInit.Kind.HE_NORMAL, 0);
    return new NetworkBuilder(spec, new ErdosRenyiEpsilon(6), init, true, 1, 20).build(backend);
  }

  static TrainingPlan plan(int epochs) {
    return TrainingPlan.set(epochs, 0.02).withBatchSize(20);
  }

  static SampleSource samples(int count, long seed) {
    float[] rows = new float[count * SIDE * SIDE];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % CLASSES;
      double x = labels[i] % 2 == 0 ? 4 : 7;
      double y = labels[i] / 2 == 0 ? 4 : 7;
      for (int p = 0; p < SIDE * SIDE; p++) {
        double dx = p % SIDE - x;
        double dy = p / SIDE - y;
        double noise = (Keys.of(seed, i, p) >>> 40) / (double) (1 << 24) - 0.5;
        double spot = Math.exp(-(dx * dx + dy * dy) / 4);
        double near = Math.exp(-((p % SIDE - 5.5) * (p % SIDE - 5.5)) / 12);
        rows[i * SIDE * SIDE + p] = (float) (spot + near * noise);
      }
    }
    return SampleSource.of(rows, SIDE * SIDE, labels, CLASSES);
  }
}
