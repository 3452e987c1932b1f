/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.topology.DensityRule;
import org.espalier.topology.LayerShape;

/**
 * Turns a {@link NetworkSpec} into a {@link Network}: draws the connections of every sparse layer
 * and the first weights. Time and memory are proportional to the connections.
 *
 * @param spec what to build
 * @param density how connections spread over the sparse layers
 * @param init distribution of first weights
 * @param sparseFanIn whether {@code init} counts the connections that exist (true) or those of the
 *     dense layer
 * @param seed of all random choices
 * @param maxPositions largest batch
 */
public record NetworkBuilder(
    NetworkSpec spec,
    DensityRule density,
    WeightInit init,
    boolean sparseFanIn,
    long seed,
    int maxPositions) {

  private static final int TOPOLOGY = 1;
  private static final int VALUES = 2;
  private static final int KNEES = 3;

  /** Builds the network on a backend. */
  public Network build(Backend backend) {
    List<LayerShape> shapes = spec.sparseShapes();
    double[] densities = density.densities(shapes);
    List<Layer> layers = new ArrayList<>();
    int width = spec.inputs();
    int linears = 0;
    int sparse = 0;
    for (LayerSpec layer : spec.layers()) {
      int index = layers.size();
      if (layer instanceof LayerSpec.Linear linear) {
        String name = "linear" + ++linears;
        if (linear.sparse()) {
          layers.add(sparseLinear(backend, shapes.get(sparse), densities[sparse]));
          sparse++;
        } else {
          float[] weights = denseWeights(name, linear.outputs(), width);
          layers.add(
              new DenseLinear(backend, name, weights, width, linear.outputs(), maxPositions));
        }
        width = linear.outputs();
      } else if (layer instanceof LayerSpec.Act act) {
        String name = "activation" + linears;
        boolean ownsInput = index > 0 && spec.layers().get(index - 1) instanceof LayerSpec.Linear;
        layers.add(
            new ActivationLayer(backend, name, act.activation(), width, maxPositions, ownsInput));
      } else if (layer instanceof LayerSpec.Srelu) {
        String name = "srelu" + linears;
        long key = Keys.of(seed, KNEES, index);
        layers.add(new SreluLayer(backend, name, width, maxPositions, key));
      } else if (layer instanceof LayerSpec.Drop drop) {
        String name = "dropout" + linears;
        layers.add(new DropoutLayer(backend, name, drop.rate(), width, index, maxPositions));
      }
    }
    return new Network(backend, spec.inputs(), maxPositions, layers);
  }

  private SparseLinear sparseLinear(Backend backend, LayerShape shape, double layerDensity) {
    int count = Math.toIntExact(shape.connections(layerDensity));
    ValueRule initial = rule(shape.outputs(), shape.inputs(), count);
    var csr =
        backend
            .topology()
            .random(
                shape.outputs(),
                shape.inputs(),
                count,
                key(TOPOLOGY, shape.name()),
                initial,
                key(VALUES, shape.name()));
    return new SparseLinear(backend, new SparseWeights(shape.name(), csr, initial), maxPositions);
  }

  private float[] denseWeights(String name, int outputs, int inputs) {
    ValueRule initial = rule(outputs, inputs, (double) outputs * inputs);
    float[] weights = new float[Math.multiplyExact(outputs, inputs)];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = initial.valueAt(key(VALUES, name), i);
    }
    return weights;
  }

  private ValueRule rule(int outputs, int inputs, double connections) {
    return sparseFanIn
        ? init.rule(connections / outputs, connections / inputs)
        : init.rule(inputs, outputs);
  }

  private long key(int purpose, String layer) {
    return Keys.of(seed, purpose, layer.hashCode());
  }
}
