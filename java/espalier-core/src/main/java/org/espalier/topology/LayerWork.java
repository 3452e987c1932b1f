/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;

/**
 * The arithmetic of a layer: two floating-point operations, a multiplication and an addition, for
 * each connection at each output position. Biases, activations, normalisation and pooling are not
 * counted; they are below one percent of a convolutional network. Evci et al. (Rigging the lottery,
 * 2020) count bias and ReLU, which makes one operation more for each output: {@link #outputs} is
 * what to add before comparing with their figures.
 *
 * @param shape the layer
 * @param positions output positions of one sample: height times width, 1 for a fully connected
 *     layer
 */
public record LayerWork(LayerShape shape, long positions) {

  private static final int OPERATIONS = 2;

  /** Checks the positions. */
  public LayerWork {
    if (positions < 1) {
      throw new IllegalArgumentException(
          "layer %s has %d output positions; expected at least 1"
              .formatted(shape.name(), positions));
    }
  }

  /**
   * Returns the operations of predicting one sample.
   *
   * @param density of this layer, in [0, 1]
   */
  public double flops(double density) {
    return OPERATIONS * density * shape.size() * positions;
  }

  /** Returns how many numbers the layer makes of one sample. */
  public long outputs() {
    return shape.outputs() * positions;
  }

  /**
   * Returns the operations of predicting one sample with a whole network.
   *
   * @param densities of each layer
   */
  public static double flops(List<LayerWork> layers, double[] densities) {
    double sum = 0;
    for (int l = 0; l < densities.length; l++) {
      sum += layers.get(l).flops(densities[l]);
    }
    return sum;
  }

  /** Returns the operations of predicting one sample with all weights there. */
  public static double denseFlops(List<LayerWork> layers) {
    return layers.stream().mapToDouble(layer -> layer.flops(1)).sum();
  }
}
