/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.backend.Backend;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;

/**
 * Where a backward pass brings the gradient of each parameter, when nothing of the pass needs the
 * parameter's old values any more: to its buffer, or into a step of an optimizer at once.
 */
public interface GradientSink {

  /**
   * Takes the gradient of sparse weights, which is still to be computed: {@link
   * org.espalier.backend.SparseProducts#sddmm}.
   *
   * @param bias its gradient is left in its buffer; null if the layer has none
   * @param x input of the layer
   * @param dy gradient of the layer's product
   */
  void sparse(SparseParameter weight, DenseParameter bias, Tensor x, Tensor dy);

  /** Takes the gradient that lies in a parameter's buffer. */
  void dense(DenseParameter parameter);

  /** Returns the sink that leaves every gradient in its parameter's buffer. */
  static GradientSink keep(Backend backend) {
    return new GradientSink() {
      @Override
      public void sparse(SparseParameter weight, DenseParameter bias, Tensor x, Tensor dy) {
        var ofBias = bias == null ? null : bias.gradient();
        backend.sparse().sddmm(weight.weights().csr(), x, dy, weight.gradient(), ofBias);
      }

      @Override
      public void dense(DenseParameter parameter) {
        // there it is
      }
    };
  }

  /** Looks at what the gradient of sparse weights is made of. */
  interface Observer {

    /**
     * Sees one layer of a backward pass.
     *
     * @param x input of the layer
     * @param dy gradient of the layer's product
     */
    void sparse(SparseWeights weights, Tensor x, Tensor dy);
  }

  /** Returns a sink that shows everything to an observer first. */
  static GradientSink observed(GradientSink sink, Observer observer) {
    return new GradientSink() {
      @Override
      public void sparse(SparseParameter weight, DenseParameter bias, Tensor x, Tensor dy) {
        if (!weight.isFixed()) {
          observer.sparse(weight.weights(), x, dy);
        }
        sink.sparse(weight, bias, x, dy);
      }

      @Override
      public void dense(DenseParameter parameter) {
        sink.dense(parameter);
      }
    };
  }

  /**
   * Returns the sink for those who want no gradient of parameters; sparse ones are not computed.
   */
  static GradientSink ignore() {
    return new GradientSink() {
      @Override
      public void sparse(SparseParameter weight, DenseParameter bias, Tensor x, Tensor dy) {
        // so it is not even computed
      }

      @Override
      public void dense(DenseParameter parameter) {
        // nobody reads it
      }
    };
  }
}
