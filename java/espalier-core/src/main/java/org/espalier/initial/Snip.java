/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.List;
import org.espalier.nn.GradientSink;
import org.espalier.nn.LayerSpec;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.Pass;
import org.espalier.train.SampleSource;

/**
 * SNIP: keeps the connections without which the loss would change most, to first order: {@code |w *
 * dL/dw|} on one batch (Lee et al., SNIP: Single-shot network pruning based on connection
 * sensitivity, 2019, eq. 6).
 *
 * @param samples the batch
 * @param loss what training makes small
 */
public record Snip(SampleSource samples, Loss loss) implements Criterion {

  @Override
  public int positions() {
    return samples.size();
  }

  /** Without dropout; normalisation takes the statistics of the batch, there are no others yet. */
  @Override
  public NetworkSpec scored(NetworkSpec spec) {
    return new NetworkSpec(spec.inputs(), withoutDropout(spec.layers()));
  }

  private static List<LayerSpec> withoutDropout(List<LayerSpec> layers) {
    return layers.stream().map(Snip::withoutDropout).toList();
  }

  private static LayerSpec withoutDropout(LayerSpec layer) {
    if (layer instanceof LayerSpec.Residual residual) {
      List<LayerSpec> body = withoutDropout(residual.body());
      return new LayerSpec.Residual(body, withoutDropout(residual.shortcut()), residual.relu());
    }
    return layer instanceof LayerSpec.Drop ? new LayerSpec.Drop(0) : layer;
  }

  @Override
  public List<float[]> scores(Network network) {
    SparseValues sparse = SparseValues.of(network);
    List<float[]> values = sparse.read();
    List<float[]> scores;
    GradientSink sink = GradientSink.keep(network.backend());
    try (BatchGradient gradient =
        new BatchGradient(
            network,
            x -> network.forward(x, Pass.training(0)), // there is no dropout in it
            dy -> network.backward(dy, false, sink),
            samples,
            loss,
            1)) {
      gradient.compute();
      scores = sparse.readGradients();
    }
    for (int l = 0; l < scores.size(); l++) {
      float[] layer = scores.get(l);
      for (int k = 0; k < layer.length; k++) {
        layer[k] = Math.abs(layer[k] * values.get(l)[k]);
      }
    }
    return scores;
  }
}
