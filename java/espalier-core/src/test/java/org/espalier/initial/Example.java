/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.Parameter;
import org.espalier.nn.WeightInit;
import org.espalier.sparse.ValueRule;
import org.espalier.topology.UniformDensity;
import org.espalier.train.SampleSource;

/** A tiny network, samples for it, and its loss in double precision, computed plainly. */
final class Example {

  static final int[] WIDTHS = {4, 5, 3, 3};
  static final int SAMPLES = 12;

  private Example() {}

  /** Two sparse layers with tanh, then a dense one. */
  static NetworkBuilder builder() {
    return builder(Activation.TANH);
  }

  /** The same with another activation. */
  static NetworkBuilder builder(Activation activation) {
    NetworkSpec spec =
        NetworkSpec.inputs(WIDTHS[0])
            .sparseLinear(WIDTHS[1])
            .activation(activation)
            .sparseLinear(WIDTHS[2])
            .activation(activation)
            .dropout(0.5f)
            .denseLinear(WIDTHS[3]);
    return new NetworkBuilder(spec, new UniformDensity(0.3), WeightInit.HE, true, 3, 4);
  }

  static Network whole(Backend backend, Criterion criterion) {
    return whole(backend, criterion, builder());
  }

  /** Builds the network that a criterion scores. */
  static Network whole(Backend backend, Criterion criterion, NetworkBuilder builder) {
    return new NetworkBuilder(
            criterion.scored(builder.spec()),
            new UniformDensity(1),
            builder.init(),
            true,
            builder.seed(),
            criterion.positions())
        .build(backend);
  }

  static SampleSource samples() {
    return samples(SAMPLES, WIDTHS[0], WIDTHS[3]);
  }

  static SampleSource samples(int count, int features, int classes) {
    ValueRule normal = new ValueRule(ValueRule.Kind.NORMAL, 1);
    float[] rows = new float[count * features];
    int[] labels = new int[count];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = normal.valueAt(17, i);
    }
    for (int i = 0; i < count; i++) {
      labels[i] = i * 7 % 5 % classes;
    }
    return SampleSource.of(rows, features, labels, classes);
  }

  /** Returns all weights, layer after layer, row by row. */
  static double[] weights(Network network) {
    return network.parameters().stream()
        .filter(Parameter::decays)
        .map(p -> network.backend().memory().floats(p.values(), (int) p.size()))
        .flatMapToDouble(values -> IntStream.range(0, values.length).mapToDouble(k -> values[k]))
        .toArray();
  }

  /** Returns the mean cross-entropy of outputs divided by a temperature. */
  static double loss(double[] weights, double temperature, DoubleUnaryOperator activation) {
    SampleSource samples = samples();
    double sum = 0;
    float[] row = new float[WIDTHS[0]];
    for (int s = 0; s < samples.size(); s++) {
      samples.read(s, 0, row.length, row, 0);
      double[] x = new double[row.length];
      for (int f = 0; f < x.length; f++) {
        x[f] = row[f];
      }
      double[] outputs = outputs(weights, x, activation);
      double total = 0;
      for (double output : outputs) {
        total += Math.exp(output / temperature);
      }
      sum += Math.log(total) - outputs[samples.label(s)] / temperature;
    }
    return sum / samples.size();
  }

  /** Runs one sample through the layers, with an activation after all but the last. */
  static double[] outputs(double[] weights, double[] input, DoubleUnaryOperator activation) {
    double[] x = input;
    int at = 0;
    for (int l = 1; l < WIDTHS.length; l++) {
      double[] y = new double[WIDTHS[l]];
      for (int r = 0; r < y.length; r++) {
        for (double value : x) {
          y[r] += weights[at++] * value;
        }
        y[r] = l < WIDTHS.length - 1 ? activation.applyAsDouble(y[r]) : y[r];
      }
      x = y;
    }
    return x;
  }
}
