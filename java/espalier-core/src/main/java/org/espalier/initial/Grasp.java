/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.ArrayList;
import java.util.List;
import org.espalier.UserException;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkSpec;
import org.espalier.train.SampleSource;

/**
 * GraSP: keeps the connections that the flow of gradients needs, those of largest {@code w * (H
 * g)}, where g is the gradient over the sparse layers and H the Hessian of the loss of outputs
 * divided by {@value #TEMPERATURE} (Wang et al., Picking winning tickets before training by
 * preserving gradient flow, 2020, eq. 8).
 *
 * <p>{@code H g} is the central difference of two gradients, a small step along g to either side:
 * two more backward passes and no second derivatives in the engine. Activations with kinks keep
 * their slopes meanwhile: a kink inside the step would count in the difference, where the second
 * derivative does not see it, and decide most of the ranking.
 *
 * @param spec of the network, with its activations
 * @param samples the batch, best with as many samples of one class as of another
 * @param loss what training makes small
 */
public record Grasp(NetworkSpec spec, SampleSource samples, Loss loss) implements Criterion {

  private static final float TEMPERATURE = 200;

  /**
   * Length of the step as a share of the weights' norm. Errors grow with its square, and where it
   * is short with the rounding of gradients divided by it; here both are about 1e-3.
   */
  private static final double STEP = 2e-3;

  @Override
  public NetworkSpec scored(NetworkSpec whole) {
    FullyConnected.check(whole, "GraSP");
    return FrozenGates.without(whole);
  }

  @Override
  public int positions() {
    return samples.size();
  }

  @Override
  public List<float[]> scores(Network network) {
    SparseValues sparse = SparseValues.of(network);
    List<float[]> values = sparse.read();
    try (FrozenGates passes = new FrozenGates(network, spec);
        BatchGradient gradient =
            new BatchGradient(
                network, passes::forward, passes::backward, samples, loss, TEMPERATURE)) {
      gradient.compute();
      List<float[]> along = sparse.readGradients();
      double length = norm(along);
      if (!(length > 0 && length < Double.POSITIVE_INFINITY)) {
        throw new UserException(
            "GraSP cannot score connections: the gradient of the first batch has norm %s; expected a positive number."
                .formatted(length));
      }
      double step = STEP * norm(values) / length;
      sparse.write(moved(values, along, step));
      gradient.compute();
      List<float[]> ahead = sparse.readGradients();
      sparse.write(moved(values, along, -step));
      gradient.compute();
      List<float[]> scores = sparse.readGradients();
      for (int l = 0; l < scores.size(); l++) {
        float[] layer = scores.get(l);
        for (int k = 0; k < layer.length; k++) {
          double product = (ahead.get(l)[k] - layer[k]) / (2 * step);
          layer[k] = (float) (values.get(l)[k] * product);
        }
      }
      return scores;
    }
  }

  private static double norm(List<float[]> layers) {
    double sum = 0;
    for (float[] layer : layers) {
      for (float value : layer) {
        sum += (double) value * value;
      }
    }
    return Math.sqrt(sum);
  }

  private static List<float[]> moved(List<float[]> from, List<float[]> along, double step) {
    List<float[]> moved = new ArrayList<>();
    for (int l = 0; l < from.size(); l++) {
      float[] layer = from.get(l).clone();
      for (int k = 0; k < layer.length; k++) {
        layer[k] = (float) (layer[k] + step * along.get(l)[k]);
      }
      moved.add(layer);
    }
    return moved;
  }
}
