/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.Locale;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.sparse.Keys;
import org.espalier.sparse.ValueRule;
import org.espalier.topology.UniformDensity;
import org.espalier.train.SampleSource;

/**
 * The networks whose training steps are timed: ReLU MLPs on 3072 inputs with two hidden layers of
 * equal width, uniformly sparse, and a dense layer to 10 outputs.
 *
 * @param name as users write it
 * @param width neurons of each hidden layer
 * @param sparsity of the hidden layers in percent; 0 for dense layers
 * @param bar seconds that 100 steps may take on two cores at {@link #BAR_PEAK}; infinite for none
 */
public record ReferenceNet(String name, int width, double sparsity, double bar) {

  /** FMA peak of two cores, in GFLOP/s, that the bars are meant for. */
  static final double BAR_PEAK = 236;

  /** Features of a sample. */
  public static final int INPUTS = 3072;

  /** Classes. */
  public static final int OUTPUTS = 10;

  /** Samples of a step. */
  public static final int BATCH = 100;

  /** Samples to train on. */
  public static final int SAMPLES = 2_500;

  private static final ValueRule FEATURE = new ValueRule(ValueRule.Kind.UNIFORM, 1);

  /**
   * Returns a network by its name.
   *
   * @throws UserException if there is none of that name
   */
  public static ReferenceNet of(String name) {
    double none = Double.POSITIVE_INFINITY;
    return switch (name) {
      case "A-dense" -> new ReferenceNet(name, 1024, 0, none);
      case "A-75" -> new ReferenceNet(name, 1024, 75, none);
      case "A-90" -> new ReferenceNet(name, 1024, 90, 0.25);
      case "A-95" -> new ReferenceNet(name, 1024, 95, 0.15);
      case "A-99" -> new ReferenceNet(name, 1024, 99, 0.055);
      case "A-99.9" -> new ReferenceNet(name, 1024, 99.9, 0.03);
      case "C-99" -> new ReferenceNet(name, 8192, 99, 1.2);
      case "C-99.9" -> new ReferenceNet(name, 8192, 99.9, 0.27);
      default -> throw new UserException("There is no reference network named '" + name + "'.");
    };
  }

  /**
   * Returns floating-point operations of a training step: three products, but two for the first.
   */
  public double flops() {
    double density = 1 - sparsity / 100;
    double first = density * INPUTS * width;
    double second = density * width * (double) width;
    return 2.0 * BATCH * (2 * first + 3 * second + 3.0 * width * OUTPUTS);
  }

  /** Builds it in the memory of a backend, with the same bits every time. */
  public Network build(Backend backend) {
    NetworkSpec spec = NetworkSpec.inputs(INPUTS);
    spec = sparsity == 0 ? spec.denseLinear(width) : spec.sparseLinear(width);
    spec = spec.relu();
    spec = sparsity == 0 ? spec.denseLinear(width) : spec.sparseLinear(width);
    spec = spec.relu().denseLinear(OUTPUTS);
    UniformDensity density = new UniformDensity(sparsity == 0 ? 1 : 1 - sparsity / 100);
    return new NetworkBuilder(spec, density, WeightInit.HE, true, 1, BATCH).build(backend);
  }

  /**
   * Returns noise that can be learned: the features of a class are a little larger in one place.
   */
  public static SampleSource samples() {
    float[] rows = new float[SAMPLES * INPUTS];
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = (int) Long.remainderUnsigned(Keys.of(1, i), OUTPUTS);
      for (int f = 0; f < INPUTS; f++) {
        float bump = f / 300 == labels[i] ? 0.3f : 0;
        rows[i * INPUTS + f] = FEATURE.valueAt(2, (long) i * INPUTS + f) + bump;
      }
    }
    return SampleSource.of(rows, INPUTS, labels, OUTPUTS);
  }

  /**
   * Returns the share of a bar that a step takes on a machine of this peak; at most 1 is within.
   */
  double shareOfBar(double microsecondsPerStep, double peak) {
    return 1e-4 * microsecondsPerStep * peak / (bar * BAR_PEAK);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "step of net %s", name);
  }
}
