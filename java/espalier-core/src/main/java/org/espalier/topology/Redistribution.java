/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;
import org.espalier.backend.TopologyOps;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.DeviceBuffer;

/** How what an update prunes in all layers together is grown again in each of them. */
public enum Redistribution {
  /** Every layer grows what it lost. */
  NONE,
  /** In proportion to the mean magnitude of the momentum of a layer's connections (SNFS). */
  MOMENTUM,
  /** In proportion to the connections that are left (DSR, Mostafa and Wang 2019). */
  CONNECTIONS;

  /**
   * Returns how many connections each layer grows, together as many as were pruned.
   *
   * @param pruned of each layer
   */
  long[] grown(TopologyUpdate update, long[] pruned) {
    if (this == NONE) {
      return pruned;
    }
    List<SparseWeights> layers =
        update.layers().stream().map(TopologyUpdate.Layer::weights).toList();
    double[] weight = new double[pruned.length];
    long[] limit = new long[pruned.length];
    long total = 0;
    for (int l = 0; l < pruned.length; l++) {
      int nnz = layers.get(l).csr().nnz();
      weight[l] =
          this == MOMENTUM ? momentum(update.backend().topology(), layers.get(l)) : nnz - pruned[l];
      limit[l] = Math.min(layers.get(l).csr().cells(), Integer.MAX_VALUE) - nnz + pruned[l];
      total += pruned[l];
    }
    return Apportionment.split(total, weight, limit);
  }

  private static double momentum(TopologyOps ops, SparseWeights weights) {
    int nnz = weights.csr().nnz();
    if (weights.state().isEmpty() || nnz == 0) {
      return 0;
    }
    DeviceBuffer velocity = weights.state().get(0);
    return ops.sumOfMagnitudes(velocity, nnz) / nnz;
  }
}
