/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.ArrayList;
import java.util.List;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.nn.Network;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** Removes all but the connections with the highest scores of all layers together. */
final class Selection {

  private static final int INFINITY = Float.floatToIntBits(Float.POSITIVE_INFINITY);

  private Selection() {}

  /**
   * Prunes a network. The best connection of each layer stays whatever it scores, so no layer is
   * emptied; of equal ones those of earlier layers and positions go.
   *
   * @param scores of each sparse layer; overwritten
   * @param count how many connections stay, at least one for each layer
   */
  static void keep(Network network, List<float[]> scores, long count) {
    List<SparseWeights> layers = network.sparseWeights();
    for (int l = 0; l < layers.size(); l++) {
      protectBest(layers.get(l).name(), scores.get(l));
    }
    toMagnitudes(scores, count);
    Backend backend = network.backend();
    List<DeviceBuffer> buffers = new ArrayList<>();
    try {
      List<CsrMatrix> scored = new ArrayList<>();
      List<DeviceBuffer> keep = new ArrayList<>();
      long total = 0;
      for (int l = 0; l < layers.size(); l++) {
        CsrMatrix csr = layers.get(l).csr();
        DeviceBuffer values = backend.memory().of(scores.get(l));
        buffers.add(values);
        keep.add(backend.memory().allocate(ElementType.INT32, csr.nnz()));
        buffers.add(keep.get(l));
        scored.add(
            new CsrMatrix(
                csr.rows(), csr.columns(), csr.nnz(), csr.rowStart(), csr.column(), values));
        total += csr.nnz();
      }
      backend.topology().pruneMagnitude(scored, keep, total - count);
      for (int l = 0; l < layers.size(); l++) {
        backend.topology().rebuild(layers.get(l), keep.get(l), null, 0, ValueRule.ZEROS, 0, false);
      }
    } finally {
      buffers.forEach(DeviceBuffer::close);
    }
  }

  private static void protectBest(String layer, float[] scores) {
    int best = 0;
    for (int k = 0; k < scores.length; k++) {
      if (!Float.isFinite(scores[k])) {
        throw new UserException(
            "A connection of layer '%s' scores %s; expected numbers to rank by: the first weights or the samples are too large."
                .formatted(layer, scores[k]));
      }
      best = scores[k] > scores[best] ? k : best;
    }
    scores[best] = Float.POSITIVE_INFINITY;
  }

  /**
   * Replaces scores by magnitudes that rank the same where it matters: if there are enough positive
   * scores, the others do not count; if not, the positive ones all stay and the others are turned
   * round, which on the bits of a float is a subtraction.
   */
  private static void toMagnitudes(List<float[]> scores, long count) {
    long positive = 0;
    for (float[] layer : scores) {
      for (float score : layer) {
        positive += score > 0 ? 1 : 0;
      }
    }
    for (float[] layer : scores) {
      for (int k = 0; k < layer.length; k++) {
        if (count > positive) {
          int bits = Float.floatToIntBits(Math.abs(layer[k]));
          layer[k] =
              layer[k] > 0 ? Float.POSITIVE_INFINITY : Float.intBitsToFloat(INFINITY - 1 - bits);
        } else {
          layer[k] = Math.max(layer[k], 0);
        }
      }
    }
  }
}
