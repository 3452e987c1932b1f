/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.espalier.UserException;

/**
 * Sets the density of the first or last layer by hand and leaves the others to a rule.
 *
 * <p>With the last layer at a density of its own, inside the budget, and ERK for the others this is
 * ERK+ (Liu et al., The unreasonable effectiveness of random pruning, 2022).
 *
 * @param first density of the first layer, or empty if the rule decides
 * @param last density of the last layer, or empty if the rule decides
 * @param budget what {@code density} counts
 * @param density in (0, 1]
 * @param others makes the rule of the other layers for the density that is left to them
 */
public record FixedLayers(
    OptionalDouble first,
    OptionalDouble last,
    Budget budget,
    double density,
    DoubleFunction<DensityRule> others)
    implements DensityRule {

  /** What the overall density counts. */
  public enum Budget {
    /** All layers: the others make up for the fixed ones. */
    INSIDE,
    /** The others alone, as if the fixed ones did not exist. */
    OUTSIDE
  }

  /** Checks the densities. */
  public FixedLayers {
    ErdosRenyi.checkDensity(density);
    first.ifPresent(ErdosRenyi::checkDensity);
    last.ifPresent(ErdosRenyi::checkDensity);
  }

  @Override
  public double[] densities(List<LayerShape> layers) {
    int begin = first.isPresent() ? Math.min(1, layers.size()) : 0;
    int end = Math.max(begin, layers.size() - (last.isPresent() ? 1 : 0));
    double[] densities = new double[layers.size()];
    for (int l = end; l < densities.length; l++) {
      densities[l] = last.getAsDouble();
    }
    for (int l = 0; l < begin; l++) {
      densities[l] = first.getAsDouble();
    }
    List<LayerShape> rest = layers.subList(begin, end);
    double left = budget == Budget.OUTSIDE ? density : left(layers, densities, rest);
    if (!rest.isEmpty()) {
      double[] ofRest = others.apply(left).densities(rest);
      System.arraycopy(ofRest, 0, densities, begin, ofRest.length);
    }
    return densities;
  }

  /** Returns the density that the others need. */
  private double left(List<LayerShape> layers, double[] densities, List<LayerShape> rest) {
    long cells = size(layers);
    long free = size(rest);
    double taken = 0;
    int largest = 0;
    for (int l = 0; l < densities.length; l++) {
      double connections = densities[l] * layers.get(l).size();
      taken += connections;
      largest = connections > densities[largest] * layers.get(largest).size() ? l : largest;
    }
    double left = density * cells - taken;
    if (free == 0 ? Math.abs(left) < 0.5 : left > 0 && left <= free * (1 + 1e-12)) {
      return free == 0 ? density : Math.min(1, left / free);
    }
    LayerShape layer = layers.get(largest);
    throw new UserException(
        "Density %s of all %,d cells is %,d connections, but layer '%s' of %d x %d has %,d at its fixed density %s, and layers without a fixed density have %,d cells; expected an overall density from %.4f to %.4f, other fixed densities, or fixed layers outside the budget."
            .formatted(
                density,
                cells,
                Math.round(density * cells),
                layer.name(),
                layer.outputs(),
                layer.inputs(),
                layer.connections(densities[largest]),
                densities[largest],
                free,
                taken / cells,
                (taken + free) / cells));
  }

  private static long size(List<LayerShape> layers) {
    return layers.stream().mapToLong(LayerShape::size).sum();
  }
}
