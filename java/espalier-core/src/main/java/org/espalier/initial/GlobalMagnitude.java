/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.List;
import org.espalier.nn.Network;

/** Keeps the first weights of largest magnitude among all layers together. */
public record GlobalMagnitude() implements Criterion {

  @Override
  public List<float[]> scores(Network network) {
    List<float[]> scores = SparseValues.of(network).read();
    for (float[] layer : scores) {
      for (int k = 0; k < layer.length; k++) {
        layer[k] = Math.abs(layer[k]);
      }
    }
    return scores;
  }
}
