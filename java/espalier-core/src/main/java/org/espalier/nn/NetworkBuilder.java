/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.sparse.Keys;
import org.espalier.sparse.ValueRule;
import org.espalier.topology.DensityRule;

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

  private static final int VALUES = 2;

  /**
   * Builds the network on a backend.
   *
   * @throws UserException if a layer is too large for the backend
   */
  public Network build(Backend backend) {
    if (spec.layers().isEmpty()) {
      throw new IllegalArgumentException("a network needs at least one layer");
    }
    List<LayerPlan> plans = spec.plan();
    if (plans.get(plans.size() - 1).out().isImages()) {
      throw new UserException("The network ends with images; expected features: flatten them.");
    }
    try (Acquired acquired = new Acquired()) {
      GradientMemory gradients = acquired.add(new GradientMemory(backend.memory()));
      LayerFactory factory = new LayerFactory(backend, this, gradients, spec.sparseShapes());
      List<Layer> layers = factory.sequence(plans, null, null, acquired);
      Network network = new Network(backend, spec.inputs(), maxPositions, gradients, layers);
      acquired.keep();
      return network;
    }
  }

  /** Returns the builder of the same network with connections spread by another rule. */
  public NetworkBuilder withDensity(DensityRule rule) {
    return new NetworkBuilder(spec, rule, init, sparseFanIn, seed, maxPositions);
  }

  /** Returns the key by which {@link ValueRule#valueAt} gives the first weights of a layer. */
  public long valueKey(String layer) {
    return key(VALUES, layer);
  }

  long key(int purpose, String layer) {
    return Keys.of(seed, purpose, layer.hashCode());
  }
}
