/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;

/** Weights of which only some exist. */
record SparseLayerWeights(Backend backend, SparseParameter parameter) implements LayerWeights {

  @Override
  public void forward(DenseParameter bias, Tensor x, Tensor y, Epilogue epilogue) {
    var values = bias == null ? null : bias.values();
    backend.sparse().spmm(parameter.weights().csr(), values, x, y, epilogue);
  }

  @Override
  public void backward(Tensor dy, Tensor dx, Epilogue epilogue) {
    SparseWeights weights = parameter.weights();
    if (weights.transposed().isEmpty()) {
      weights.setTransposed(backend.topology().transpose(weights.csr()));
    }
    backend.sparse().spmmTransposed(weights.transposed().orElseThrow(), dy, dx, epilogue);
  }

  @Override
  public void gradient(Tensor x, Tensor dy, DenseParameter bias, GradientSink sink) {
    sink.sparse(parameter, bias, x, dy);
    if (bias != null) {
      sink.dense(bias);
    }
  }

  @Override
  public void close() {
    parameter.close();
  }
}
