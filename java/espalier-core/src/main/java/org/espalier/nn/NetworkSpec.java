/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Activation;
import org.espalier.topology.LayerShape;

/**
 * The plan of a network: its inputs and its layers in order.
 *
 * @param inputs features of a sample
 * @param layers from input to output
 */
public record NetworkSpec(int inputs, List<LayerSpec> layers) {

  /** Checks that there is something to build. */
  public NetworkSpec {
    if (inputs < 1) {
      throw new IllegalArgumentException("a network needs at least one input, not " + inputs);
    }
    layers = List.copyOf(layers);
  }

  /** Starts a plan for samples of this many features. */
  public static NetworkSpec inputs(int features) {
    return new NetworkSpec(features, List.of());
  }

  /** Adds a sparse fully connected layer. */
  public NetworkSpec sparseLinear(int outputs) {
    return add(new LayerSpec.Linear(outputs, true));
  }

  /** Adds a dense fully connected layer. */
  public NetworkSpec denseLinear(int outputs) {
    return add(new LayerSpec.Linear(outputs, false));
  }

  /** Adds an activation. */
  public NetworkSpec activation(Activation activation) {
    return add(new LayerSpec.Act(activation));
  }

  /** Adds a ReLU. */
  public NetworkSpec relu() {
    return activation(Activation.RELU);
  }

  /** Adds a SReLU. */
  public NetworkSpec srelu() {
    return add(new LayerSpec.Srelu());
  }

  /** Adds dropout, or nothing if the rate is 0. */
  public NetworkSpec dropout(float rate) {
    return rate == 0 ? this : add(new LayerSpec.Drop(rate));
  }

  private NetworkSpec add(LayerSpec layer) {
    List<LayerSpec> longer = new ArrayList<>(layers);
    longer.add(layer);
    return new NetworkSpec(inputs, longer);
  }

  /** Returns the number of outputs. */
  public int outputs() {
    int width = inputs;
    for (LayerSpec layer : layers) {
      width = layer instanceof LayerSpec.Linear linear ? linear.outputs() : width;
    }
    return width;
  }

  /** Returns the shapes of the sparse layers, named as {@link Network} names them. */
  public List<LayerShape> sparseShapes() {
    List<LayerShape> shapes = new ArrayList<>();
    int width = inputs;
    int linears = 0;
    for (LayerSpec layer : layers) {
      if (layer instanceof LayerSpec.Linear linear) {
        linears++;
        if (linear.sparse()) {
          shapes.add(LayerShape.linear("linear" + linears, linear.outputs(), width));
        }
        width = linear.outputs();
      }
    }
    return shapes;
  }
}
