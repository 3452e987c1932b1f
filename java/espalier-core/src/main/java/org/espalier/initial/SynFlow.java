/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.List;
import org.espalier.backend.Memory;
import org.espalier.nn.GradientSink;
import org.espalier.nn.Layer;
import org.espalier.nn.LayerSpec;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.Parameter;
import org.espalier.nn.Pass;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * SynFlow: keeps the connections that most of the flow through the network passes, {@code |w| *
 * dR/d|w|}, where R is the sum of the outputs for an input of ones with absolute weights and no
 * biases (Tanaka et al., Pruning neural networks without any data by iteratively conserving
 * synaptic flow, 2020). Scored and pruned in many rounds, down to the density exponentially, so
 * that no layer loses all its connections before another.
 *
 * <p>Activations count as the identity, which ReLU and its relatives are on positive numbers. The
 * weights of each layer are scaled so that its largest output is 1. That multiplies all scores by
 * one number, so it changes no ranking, and nothing overflows however deep the network.
 *
 * @param rounds how many; 100 in the paper
 */
public record SynFlow(int rounds) implements Criterion {

  /** The paper's number of rounds. */
  public static final SynFlow PAPER = new SynFlow(100);

  /** Checks the rounds. */
  public SynFlow {
    if (rounds < 1) {
      throw new IllegalArgumentException(rounds + " rounds; expected at least 1");
    }
  }

  @Override
  public NetworkSpec scored(NetworkSpec spec) {
    FullyConnected.check(spec, "SynFlow");
    return new NetworkSpec(
        spec.inputs(), spec.layers().stream().filter(LayerSpec.Linear.class::isInstance).toList());
  }

  @Override
  public List<float[]> scores(Network network) {
    forward(network);
    Memory memory = network.backend().memory();
    int stride = Tensor.strideFor(1);
    long size = (long) network.outputs() * stride;
    try (DeviceBuffer ones = memory.allocate(ElementType.FLOAT32, size)) {
      memory.fill(ones, 0, size, 1);
      Tensor outputs = new Tensor(ones, 0, network.outputs(), 1, stride);
      network.backward(outputs, false, GradientSink.keep(network.backend()));
    }
    SparseValues sparse = SparseValues.of(network);
    List<float[]> values = sparse.read();
    List<float[]> scores = sparse.readGradients();
    for (int l = 0; l < scores.size(); l++) {
      float[] layer = scores.get(l);
      for (int k = 0; k < layer.length; k++) {
        float score = layer[k] * values.get(l)[k];
        // what comes out of a neuron that nothing comes into may overflow: 0 times infinity
        layer[k] = Float.isNaN(score) ? 0 : score;
      }
    }
    return scores;
  }

  private static void forward(Network network) {
    Tensor x = network.input(1);
    network.backend().memory().fill(x.buffer(), x.offset(), (long) x.rows() * x.stride(), 1);
    for (Layer layer : network.layers()) {
      for (Parameter parameter : layer.parameters()) {
        change(network, parameter, parameter.decays() ? 1 : 0);
      }
      float largest = largest(network.backend().memory(), layer.forward(x, Pass.PREDICT));
      for (Parameter parameter : layer.parameters()) {
        change(network, parameter, largest > 0 ? 1 / largest : 1);
      }
      x = layer.forward(x, Pass.PREDICT);
    }
  }

  /** Makes numbers absolute and multiplies them. */
  private static void change(Network network, Parameter parameter, float factor) {
    Memory memory = network.backend().memory();
    float[] values = memory.floats(parameter.values(), (int) parameter.size());
    for (int k = 0; k < values.length; k++) {
      values[k] = Math.abs(values[k]) * factor;
    }
    memory.upload(values, 0, parameter.values(), 0, values.length);
    parameter.updated();
  }

  private static float largest(Memory memory, Tensor y) {
    float[] value = new float[1];
    float largest = 0;
    for (int r = 0; r < y.rows(); r++) {
      memory.download(y.buffer(), y.offset() + (long) r * y.stride(), value, 0, 1);
      largest = Math.max(largest, value[0]);
    }
    return largest;
  }
}
