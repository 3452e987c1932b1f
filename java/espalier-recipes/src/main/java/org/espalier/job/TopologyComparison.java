/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.util.ArrayList;
import java.util.List;
import org.espalier.UserException;
import org.espalier.measure.NeuronMatching;
import org.espalier.measure.NeuronMatching.InputSets;
import org.espalier.measure.Overlap;
import org.espalier.measure.PositionSet;
import org.espalier.run.LayerTopology;

/**
 * How far the topologies of two runs are apart, by position and with neurons matched.
 *
 * @param layers each sparse layer, input first
 * @param byPosition Jaccard distance of the positions of all sparse layers
 * @param matched mean of the layers' matched distances: the NNSTD of {@link NeuronMatching}
 */
public record TopologyComparison(List<Layer> layers, double byPosition, double matched) {

  /**
   * A sparse layer.
   *
   * @param name of the layer
   * @param outputs its neurons
   * @param inputs its inputs
   * @param byPosition Jaccard distance of the connections' positions
   * @param matched distance with neurons matched, those of the layer before included
   * @param matching how they were matched
   */
  public record Layer(
      String name, int outputs, int inputs, double byPosition, double matched, Matching matching) {}

  /** How neurons were matched. */
  public enum Matching {
    /** No other matching has a smaller distance. */
    EXACT,
    /** Each neuron in turn took the nearest that was left. */
    GREEDY,
    /**
     * Not at all: neurons of an output layer are what they are, and channels of a convolution may
     * be those of other layers too, which a residual layer adds up.
     */
    FIXED
  }

  /** Copies the list. */
  public TopologyComparison {
    layers = List.copyOf(layers);
  }

  /**
   * Compares two runs.
   *
   * @throws UserException if their sparse layers are not of the same sizes
   */
  public static TopologyComparison of(Inspection first, Inspection second) {
    check(first, second);
    List<Layer> layers = new ArrayList<>();
    Overlap all = Overlap.NONE;
    double sum = 0;
    NeuronMatching before = null;
    for (int l = 0; l < first.layers().size(); l++) {
      LayerTopology a = first.layers().get(l);
      LayerTopology b = second.layers().get(l);
      Overlap overlap =
          PositionSet.of(a.inputs(), a.rowStart(), a.column()).overlap(b.rowStart(), b.column());
      boolean chained = before != null && before.partner().length == b.inputs();
      InputSets renamed = chained ? before.rename(sets(b)) : sets(b);
      boolean fixed =
          first.sparseOutput() && l == first.layers().size() - 1 || a.name().startsWith("conv");
      NeuronMatching matching =
          fixed ? NeuronMatching.identity(sets(a), renamed) : NeuronMatching.of(sets(a), renamed);
      Matching how = fixed ? Matching.FIXED : matching.exact() ? Matching.EXACT : Matching.GREEDY;
      layers.add(
          new Layer(
              a.name(), a.outputs(), a.inputs(), overlap.distance(), matching.distance(), how));
      all = all.plus(overlap);
      sum += matching.distance();
      before = matching;
    }
    return new TopologyComparison(layers, all.distance(), sum / Math.max(1, layers.size()));
  }

  private static InputSets sets(LayerTopology layer) {
    return new InputSets(layer.inputs(), layer.rowStart(), layer.column());
  }

  private static void check(Inspection first, Inspection second) {
    String one = shapes(first);
    String other = shapes(second);
    if (!one.equals(other)) {
      throw new UserException(
          "The sparse layers of the two runs are %s and %s; expected two runs of the same network."
              .formatted(one, other));
    }
  }

  private static String shapes(Inspection inspection) {
    return inspection.layers().isEmpty()
        ? "none"
        : String.join(
            ", ", inspection.layers().stream().map(l -> l.outputs() + " x " + l.inputs()).toList());
  }
}
