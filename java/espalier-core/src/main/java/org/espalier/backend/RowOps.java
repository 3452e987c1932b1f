/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Operations on the rows of feature-major tensors, bound by memory: each reads its inputs and
 * writes its outputs once. Where stated, an output may be the very tensor that an input is.
 */
public interface RowOps {

  /**
   * Gathers a batch: {@code X[f,p] = scale[f] * sample[p,f] + shift[f]} for every feature {@code f}
   * in {@code [0, x.rows())} and position {@code p} in {@code [0, x.positions())}. Samples come row
   * by row and become columns, so this is a transposition.
   *
   * @param samples each number is read once, or any number of times in an array where it stands in
   *     one; what a read throws is thrown here, and x is undefined then
   * @param scaling {@code 2 * x.rows()} floats: all scales, then all shifts; null for features as
   *     they are
   * @param x overwritten
   */
  void gather(SampleReader samples, DeviceBuffer scaling, Tensor x);

  /**
   * Bias gradient: {@code sums[r] = sum over p of dY[r,p]}.
   *
   * @param sums as many floats as dy has rows, overwritten
   */
  void rowSums(Tensor dy, DeviceBuffer sums);

  /** Activation: {@code Y = f(X)}; y may be x. */
  void activate(Activation activation, Tensor x, Tensor y);

  /**
   * Gradient of an activation: {@code dX = dY * f'(X)}; dx may be dy.
   *
   * @param x the input of the forward pass, or its output where {@link
   *     Activation#derivativeFromOutput} allows (RELU, LEAKY_RELU); not read by SIGMOID and TANH
   * @param y the output of the forward pass; read by SIGMOID and TANH only
   */
  void activateGradient(Activation activation, Tensor x, Tensor y, Tensor dy, Tensor dx);

  /**
   * SReLU with four learned numbers for each row (Jin et al., Deep learning with S-shaped rectified
   * linear activation units, AAAI 2016): slope {@code aLeft} below the knee {@code tLeft}, identity
   * between, slope {@code aRight} above the knee {@code tLeft + |width|}.
   *
   * @param parameters {@code 4 * rows} floats: all tLeft, then aLeft, width, aRight
   * @param y may not be x, which the gradient needs
   */
  void srelu(DeviceBuffer parameters, Tensor x, Tensor y);

  /**
   * Gradient of {@link #srelu} with respect to its input and its parameters; dx may be dy.
   *
   * @param gradient {@code 4 * rows} floats in the order of the parameters, overwritten
   */
  void sreluGradient(
      DeviceBuffer parameters, Tensor x, Tensor dy, Tensor dx, DeviceBuffer gradient);

  /**
   * Inverted dropout: {@code Y[r,p] = X[r,p] / (1 - rate)} where {@link Dropout#keeps} says so,
   * else 0; y may be x. The gradient is the same operation on dY, so no mask is stored.
   */
  void dropout(Dropout dropout, Tensor x, Tensor y);

  /** Does to a product's result what its epilogue says, as a pass of its own. */
  default void finish(Epilogue epilogue, Tensor result) {
    Tensor output = epilogue.output();
    switch (epilogue.kind()) {
      case ACTIVATE -> activate(epilogue.activation(), result, result);
      case GRADIENT -> activateGradient(epilogue.activation(), output, output, result, result);
      default -> {}
    }
  }
}
