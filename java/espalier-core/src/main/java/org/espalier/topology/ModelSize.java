/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;

/**
 * Bytes of a stored model as Evci et al. count them (Rigging the lottery, 2020): 4 for each
 * connection and each bias, and for the positions one bit for each cell of a layer that is sparse.
 */
public final class ModelSize {

  private static final int FLOAT_BYTES = 4;

  private ModelSize() {}

  /**
   * Returns the bytes.
   *
   * @param connections of each layer; one that has all needs no positions
   * @param biases numbers that are always there, such as one for each output channel
   */
  public static long bytes(List<LayerShape> layers, long[] connections, long biases) {
    long bytes = FLOAT_BYTES * biases;
    for (int l = 0; l < connections.length; l++) {
      long cells = layers.get(l).size();
      boolean sparse = connections[l] < cells;
      bytes += FLOAT_BYTES * connections[l] + (sparse ? (cells + Byte.SIZE - 1) / Byte.SIZE : 0);
    }
    return bytes;
  }
}
