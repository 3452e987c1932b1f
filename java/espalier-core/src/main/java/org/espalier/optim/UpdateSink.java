/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import org.espalier.backend.Backend;
import org.espalier.nn.DenseParameter;
import org.espalier.nn.GradientSink;
import org.espalier.nn.SparseParameter;
import org.espalier.tensor.Tensor;

/**
 * Turns every gradient into a step as soon as it is known, so that those of sparse weights are
 * never stored. Not for steps that depend on all gradients together, such as clipped ones.
 */
public final class UpdateSink implements GradientSink {

  private final Backend backend;
  private final Optimizer optimizer;
  private double learningRate;

  /** Creates the sink; the learning rate is 0 until set. */
  public UpdateSink(Backend backend, Optimizer optimizer) {
    this.backend = backend;
    this.optimizer = optimizer;
  }

  /** Sets the learning rate of the passes to come. */
  public void setLearningRate(double rate) {
    learningRate = rate;
  }

  @Override
  public void sparse(SparseParameter weight, DenseParameter bias, Tensor x, Tensor dy) {
    var ofBias = bias == null ? null : bias.gradient();
    optimizer.fusedStep(backend.sparse(), weight, x, dy, ofBias, learningRate);
  }

  @Override
  public void dense(DenseParameter parameter) {
    optimizer.step(backend.updates(), parameter, learningRate, 1);
  }
}
