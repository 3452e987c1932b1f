/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.nn.GradientSink;
import org.espalier.nn.Layer;
import org.espalier.nn.LayerSpec;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.Pass;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * Passes through a network whose ReLU-like activations keep the slopes of the first pass while the
 * weights move: {@code y = f'(x0) * x}, which before training is what they do, SReLU included. The
 * gradient of such a network is smooth in the weights, and its derivative the Hessian without what
 * happens at kinks. Sigmoid and tanh, which have no kinks, are themselves.
 */
final class FrozenGates implements AutoCloseable {

  private final Network network;
  private final NetworkSpec spec;
  private final GradientSink sink;
  private final Tensor[] gates;
  private final Tensor[] outputs;

  /**
   * Prepares passes.
   *
   * @param network made of {@link #without} activations
   * @param spec with them
   */
  FrozenGates(Network network, NetworkSpec spec) {
    this.network = network;
    this.spec = spec;
    this.sink = GradientSink.keep(network.backend());
    this.gates = new Tensor[spec.layers().size()];
    this.outputs = new Tensor[spec.layers().size()];
  }

  /** Returns a plan with layers that do nothing in place of activations, so that none is fused. */
  static NetworkSpec without(NetworkSpec spec) {
    return new NetworkSpec(
        spec.inputs(),
        spec.layers().stream()
            .map(layer -> layer instanceof LayerSpec.Act ? new LayerSpec.Drop(0) : layer)
            .toList());
  }

  /** Runs forward; the input is overwritten. */
  Tensor forward(Tensor input) {
    Tensor x = input;
    for (int i = 0; i < gates.length; i++) {
      if (spec.layers().get(i) instanceof LayerSpec.Linear) {
        x = network.layers().get(i).forward(x, Pass.PREDICT);
      } else if (kinked(i)) {
        gates[i] = gates[i] == null ? copy(x) : gates[i];
        multiplyBySlopes(i, x);
      } else if (spec.layers().get(i) instanceof LayerSpec.Act smooth) {
        network.backend().rows().activate(smooth.activation(), x, x);
      }
      outputs[i] = x;
    }
    return x;
  }

  /** Runs backward and leaves the gradients in the parameters' buffers; dOutputs is overwritten. */
  void backward(Tensor dOutputs) {
    Backend backend = network.backend();
    Tensor dy = dOutputs;
    int first = 0;
    while (!(spec.layers().get(first) instanceof LayerSpec.Linear)) {
      first++;
    }
    for (int i = gates.length - 1; i >= first; i--) {
      if (spec.layers().get(i) instanceof LayerSpec.Linear) {
        dy = network.layers().get(i).backward(dy, i > first ? Epilogue.NONE : null, sink);
      } else if (kinked(i)) {
        multiplyBySlopes(i, dy);
      } else if (spec.layers().get(i) instanceof LayerSpec.Act smooth) {
        backend.rows().activateGradient(smooth.activation(), outputs[i], outputs[i], dy, dy);
      }
    }
  }

  private boolean kinked(int index) {
    LayerSpec layer = spec.layers().get(index);
    return layer instanceof LayerSpec.Srelu
        || layer instanceof LayerSpec.Act act
            && !act.activation().equals(Activation.SIGMOID)
            && !act.activation().equals(Activation.TANH);
  }

  private Tensor copy(Tensor x) {
    long size = (long) x.rows() * x.stride();
    DeviceBuffer buffer = network.backend().memory().allocate(ElementType.FLOAT32, size);
    network.backend().memory().copy(x.buffer(), x.offset(), buffer, 0, size);
    return new Tensor(buffer, 0, x.rows(), x.positions(), x.stride());
  }

  private void multiplyBySlopes(int index, Tensor values) {
    Backend backend = network.backend();
    Tensor gate = gates[index];
    if (spec.layers().get(index) instanceof LayerSpec.Act act) {
      backend.rows().activateGradient(act.activation(), gate, gate, values, values);
      return;
    }
    Layer srelu = network.layers().get(index);
    var knees = srelu.parameters().get(0);
    backend.rows().sreluGradient(knees.values(), gate, values, values, knees.gradient());
  }

  @Override
  public void close() {
    for (Tensor gate : gates) {
      if (gate != null) {
        gate.buffer().close();
      }
    }
  }
}
