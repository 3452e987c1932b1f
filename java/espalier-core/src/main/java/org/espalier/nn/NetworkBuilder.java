/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.espalier.UserException;
import org.espalier.backend.Activation;
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

  /** Arrays are indexed by int, and the longest are a little shorter than that. */
  private static final int MAX_WEIGHTS = Integer.MAX_VALUE - 128;

  /**
   * Builds the network on a backend.
   *
   * @throws UserException if a layer is too large for the backend
   */
  public Network build(Backend backend) {
    if (spec.layers().isEmpty()) {
      throw new IllegalArgumentException("a network needs at least one layer");
    }
    List<LayerShape> shapes = spec.sparseShapes();
    long[] counts = density.connections(shapes);
    List<Layer> layers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int width = spec.inputs();
    int linears = 0;
    int sparse = 0;
    try (Acquired acquired = new Acquired()) {
      for (int i = 0; i < spec.layers().size(); i++) {
        LayerSpec layer = spec.layers().get(i);
        if (layer instanceof LayerSpec.Linear linear) {
          linears++;
          Activation activation = fused(i + 1);
          i += activation == null ? 0 : 1;
          if (linear.sparse()) {
            layers.add(
                acquired.add(
                    sparseLinear(backend, shapes.get(sparse), counts[sparse], activation)));
            sparse++;
          } else {
            LayerShape shape = LayerShape.linear("linear" + linears, linear.outputs(), width);
            layers.add(acquired.add(denseLinear(backend, shape, activation)));
          }
          width = linear.outputs();
        } else {
          String name = unique(kind(layer) + linears, names);
          layers.add(acquired.add(elementwise(backend, i, name, width)));
        }
      }
      Network network = new Network(backend, spec.inputs(), maxPositions, layers);
      acquired.keep();
      return network;
    }
  }

  /** Returns the activation at this place, if a linear layer before it can do it as well. */
  private Activation fused(int index) {
    return index < spec.layers().size()
            && spec.layers().get(index) instanceof LayerSpec.Act act
            && act.activation().derivativeFromOutput()
        ? act.activation()
        : null;
  }

  private static String kind(LayerSpec layer) {
    if (layer instanceof LayerSpec.Srelu) {
      return "srelu";
    }
    return layer instanceof LayerSpec.Drop ? "dropout" : "activation";
  }

  /** A second layer of one kind after the same linear layer is numbered too: srelu1_2. */
  private static String unique(String name, Set<String> names) {
    String candidate = name;
    for (int n = 2; !names.add(candidate); n++) {
      candidate = name + "_" + n;
    }
    return candidate;
  }

  private Layer elementwise(Backend backend, int index, String name, int width) {
    backend.working(name);
    LayerSpec layer = spec.layers().get(index);
    if (layer instanceof LayerSpec.Srelu) {
      long key = Keys.of(seed, KNEES, index);
      return new SreluLayer(backend, name, width, maxPositions, key);
    }
    if (layer instanceof LayerSpec.Drop drop) {
      return new DropoutLayer(backend, name, drop.rate(), width, index, maxPositions);
    }
    Activation activation = ((LayerSpec.Act) layer).activation();
    return new ActivationLayer(backend, name, activation, width, maxPositions);
  }

  private SparseLinear sparseLinear(
      Backend backend, LayerShape shape, long connections, Activation activation) {
    int count = checkCount(shape, connections);
    backend.working(shape.name());
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
                valueKey(shape.name()));
    SparseWeights weights = new SparseWeights(shape.name(), csr, initial);
    return new SparseLinear(backend, weights, activation, maxPositions);
  }

  private DenseLinear denseLinear(Backend backend, LayerShape shape, Activation activation) {
    float[] weights = new float[checkCount(shape, shape.size())];
    backend.working(shape.name());
    ValueRule initial = rule(shape.outputs(), shape.inputs(), weights.length);
    long key = valueKey(shape.name());
    for (int i = 0; i < weights.length; i++) {
      weights[i] = initial.valueAt(key, i);
    }
    return new DenseLinear(
        backend, shape.name(), weights, shape.inputs(), shape.outputs(), activation, maxPositions);
  }

  private static int checkCount(LayerShape shape, long weights) {
    if (weights > MAX_WEIGHTS) {
      throw new UserException(
          "Layer '%s' of %d x %d would have %d weights; expected at most %d: make it sparser or smaller."
              .formatted(shape.name(), shape.outputs(), shape.inputs(), weights, MAX_WEIGHTS));
    }
    return (int) weights;
  }

  private ValueRule rule(int outputs, int inputs, double connections) {
    return sparseFanIn
        ? init.rule(connections / outputs, connections / inputs)
        : init.rule(inputs, outputs);
  }

  /** Returns the builder of the same network with connections spread by another rule. */
  public NetworkBuilder withDensity(DensityRule rule) {
    return new NetworkBuilder(spec, rule, init, sparseFanIn, seed, maxPositions);
  }

  /** Returns the key by which {@link ValueRule#valueAt} gives the first weights of a layer. */
  public long valueKey(String layer) {
    return key(VALUES, layer);
  }

  private long key(int purpose, String layer) {
    return Keys.of(seed, purpose, layer.hashCode());
  }
}
