/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import org.espalier.backend.SgdRule;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.UpdateOps;
import org.espalier.nn.Parameter;
import org.espalier.nn.SparseParameter;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Stochastic gradient descent; see {@link UpdateOps#sgd} for the formula. */
public final class Sgd implements Optimizer {

  private final SgdRule decaying;
  private final SgdRule free;

  /**
   * Creates the optimizer.
   *
   * @param momentum factor of the velocity, in [0, 1)
   * @param nesterov whether the step looks ahead
   * @param weightDecay L2 coefficient of weights, at least 0; biases and activation parameters do
   *     not decay
   */
  public Sgd(float momentum, boolean nesterov, float weightDecay) {
    if (!(momentum >= 0 && momentum < 1)
        || !(weightDecay >= 0 && weightDecay < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "momentum is %s, weight decay %s; expected momentum in [0, 1), weight decay at least 0"
              .formatted(momentum, weightDecay));
    }
    this.decaying = new SgdRule(momentum, nesterov, weightDecay);
    this.free = new SgdRule(momentum, nesterov, 0);
  }

  @Override
  public int stateArrays() {
    return decaying.momentum() == 0 ? 0 : 1;
  }

  @Override
  public void step(UpdateOps ops, Parameter parameter, double learningRate, double gradientScale) {
    ops.sgd(
        parameter.values(),
        parameter.gradient(),
        velocity(parameter),
        parameter.size(),
        rule(parameter),
        (float) learningRate,
        (float) gradientScale);
    parameter.updated();
  }

  @Override
  public void fusedStep(
      SparseProducts ops,
      SparseParameter weight,
      Tensor x,
      Tensor dy,
      DeviceBuffer biasGradient,
      double learningRate) {
    ops.sddmmSgd(
        weight.weights(),
        x,
        dy,
        velocity(weight),
        biasGradient,
        rule(weight),
        (float) learningRate);
  }

  private DeviceBuffer velocity(Parameter parameter) {
    return decaying.momentum() == 0 ? null : parameter.state().get(0);
  }

  private SgdRule rule(Parameter parameter) {
    return parameter.decays() ? decaying : free;
  }
}
