/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.Taps;
import org.espalier.tensor.Tensor;

/** All weights of a layer. */
record DenseLayerWeights(Backend backend, DenseParameter parameter, Taps taps)
    implements LayerWeights {

  @Override
  public void forward(DenseParameter bias, Tensor x, Tensor y, Epilogue epilogue) {
    var values = bias == null ? null : bias.values();
    backend.dense().gemm(parameter.values(), taps, values, x, y, epilogue);
  }

  @Override
  public void backward(Tensor dy, Tensor dx, Epilogue epilogue) {
    backend.dense().gemmTransposed(parameter.values(), taps, dy, dx, epilogue);
  }

  @Override
  public void gradient(Tensor x, Tensor dy, DenseParameter bias, GradientSink sink) {
    backend.dense().gemmGradient(taps, x, dy, parameter.gradient());
    sink.dense(parameter);
    if (bias != null) {
      backend.rows().rowSums(dy, bias.gradient());
      sink.dense(bias);
    }
  }

  @Override
  public void close() {
    parameter.close();
  }
}
