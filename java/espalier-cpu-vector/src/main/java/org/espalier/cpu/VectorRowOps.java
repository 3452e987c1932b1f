/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.Activation;
import org.espalier.backend.Dropout;
import org.espalier.backend.RowOps;
import org.espalier.backend.SampleReader;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Row-wise operations, a kernel for each. */
final class VectorRowOps implements RowOps {

  private final GatherKernel gather;
  private final RowSumsKernel rowSums;
  private final ActivateKernel activate;
  private final ActivateGradientKernel activateGradient;
  private final SreluKernel srelu;
  private final SreluGradientKernel sreluGradient;
  private final DropoutKernel dropout;

  VectorRowOps(WorkerPool pool) {
    this.gather = new GatherKernel(pool);
    this.rowSums = new RowSumsKernel(pool);
    this.activate = new ActivateKernel(pool);
    this.activateGradient = new ActivateGradientKernel(pool);
    this.srelu = new SreluKernel(pool);
    this.sreluGradient = new SreluGradientKernel(pool);
    this.dropout = new DropoutKernel(pool);
  }

  @Override
  public void gather(SampleReader samples, DeviceBuffer scaling, Tensor x) {
    gather.run(samples, scaling, x);
  }

  @Override
  public void rowSums(Tensor dy, DeviceBuffer sums) {
    rowSums.run(dy, sums);
  }

  @Override
  public void activate(Activation activation, Tensor x, Tensor y) {
    activate.run(activation, x, y);
  }

  @Override
  public void activateGradient(Activation activation, Tensor x, Tensor y, Tensor dy, Tensor dx) {
    boolean fromOutput =
        activation.kind() == Activation.Kind.SIGMOID || activation.kind() == Activation.Kind.TANH;
    activateGradient.run(activation, fromOutput ? y : x, dy, dx);
  }

  @Override
  public void srelu(DeviceBuffer parameters, Tensor x, Tensor y) {
    srelu.run(parameters, x, y);
  }

  @Override
  public void sreluGradient(
      DeviceBuffer parameters, Tensor x, Tensor dy, Tensor dx, DeviceBuffer gradient) {
    sreluGradient.run(parameters, x, dy, dx, gradient);
  }

  @Override
  public void dropout(Dropout rule, Tensor x, Tensor y) {
    dropout.run(rule, x, y);
  }
}
