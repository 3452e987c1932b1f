/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.plasticity;

import java.util.Set;
import java.util.TreeSet;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.UpdateOps;
import org.espalier.nn.Parameter;
import org.espalier.nn.SparseParameter;
import org.espalier.optim.Optimizer;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Remembers the learning rates of the steps of another optimizer. */
record RecordedRates(Optimizer steps, Set<Double> rates) implements Optimizer {

  RecordedRates(Optimizer steps) {
    this(steps, new TreeSet<>());
  }

  @Override
  public int stateArrays() {
    return steps.stateArrays();
  }

  @Override
  public void step(UpdateOps ops, Parameter parameter, double rate, double gradientScale) {
    rates.add(rate);
    steps.step(ops, parameter, rate, gradientScale);
  }

  @Override
  public void fusedStep(
      SparseProducts ops,
      SparseParameter weight,
      Tensor x,
      Tensor dy,
      DeviceBuffer biasGradient,
      double rate) {
    rates.add(rate);
    steps.fusedStep(ops, weight, x, dy, biasGradient, rate);
  }
}
