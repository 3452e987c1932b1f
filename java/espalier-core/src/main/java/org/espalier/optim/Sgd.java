/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import org.espalier.backend.UpdateOps;
import org.espalier.nn.Parameter;

/**
 * Stochastic gradient descent; see {@link UpdateOps#sgd} for the formula.
 *
 * @param momentum factor of the velocity, in [0, 1)
 * @param nesterov whether the step looks ahead
 * @param weightDecay L2 coefficient of weights, at least 0; biases and activation parameters do not
 *     decay
 */
public record Sgd(float momentum, boolean nesterov, float weightDecay) implements Optimizer {

  /** Checks the numbers. */
  public Sgd {
    if (!(momentum >= 0 && momentum < 1)
        || !(weightDecay >= 0 && weightDecay < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "momentum is %s, weight decay %s; expected momentum in [0, 1), weight decay at least 0"
              .formatted(momentum, weightDecay));
    }
  }

  @Override
  public int stateArrays() {
    return momentum == 0 ? 0 : 1;
  }

  @Override
  public void step(UpdateOps ops, Parameter parameter, double learningRate, double gradientScale) {
    ops.sgd(
        parameter.values(),
        parameter.gradient(),
        momentum == 0 ? null : parameter.state().get(0),
        parameter.size(),
        new UpdateOps.SgdStep(
            (float) learningRate,
            momentum,
            nesterov,
            parameter.decays() ? weightDecay : 0,
            (float) gradientScale));
    parameter.updated();
  }
}
