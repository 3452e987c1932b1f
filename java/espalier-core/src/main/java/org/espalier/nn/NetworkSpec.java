/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.backend.Activation;
import org.espalier.topology.LayerShape;
import org.espalier.topology.LayerWork;

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

  /** Adds a layer. */
  public NetworkSpec add(LayerSpec layer) {
    List<LayerSpec> longer = new ArrayList<>(layers);
    longer.add(layer);
    return new NetworkSpec(inputs, longer);
  }

  /**
   * Returns the layers with their names and sizes, those of residual layers inside them.
   *
   * @throws org.espalier.UserException if a layer does not fit the one before
   */
  public List<LayerPlan> plan() {
    return LayerPlan.of(this);
  }

  /** Returns the number of outputs. */
  public int outputs() {
    return layers.isEmpty() ? inputs : plan().get(layers.size() - 1).out().size();
  }

  /** Returns the shapes of the sparse layers, named as {@link Network} names them. */
  public List<LayerShape> sparseShapes() {
    return weighted().filter(LayerPlan::isSparse).map(LayerPlan::shape).toList();
  }

  /** Returns the arithmetic of all layers with weights. */
  public List<LayerWork> work() {
    return weighted().map(LayerPlan::work).toList();
  }

  private Stream<LayerPlan> weighted() {
    return plan().stream().flatMap(LayerPlan::all).filter(LayerPlan::hasWeights);
  }
}
