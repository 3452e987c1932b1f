/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.Backend;
import org.espalier.backend.DenseProducts;
import org.espalier.backend.Epilogue;
import org.espalier.backend.ImageOps;
import org.espalier.backend.LossOps;
import org.espalier.backend.Memory;
import org.espalier.backend.RowOps;
import org.espalier.backend.SgdRule;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.TopologyOps;
import org.espalier.backend.UpdateOps;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * The oracle with the dense operands of sparse products rounded to bfloat16 beforehand: with the
 * same numbers to start from, kernels of 16 bits agree with it as closely as others with the
 * oracle. Convolutions are computed from floats.
 */
final class RoundingOracle implements Backend, SparseProducts {

  private final Backend oracle = new ScalarBackend();

  /** Returns the nearest number of 8 significant bits, the even one of two. */
  private static float rounded(float number) {
    int bits = Float.floatToRawIntBits(number);
    return Float.isNaN(number)
        ? number
        : Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
  }

  private Tensor rounded(Tensor tensor, Taps taps) {
    float[] values = new float[tensor.rows() * tensor.stride()];
    memory().download(tensor.buffer(), tensor.offset(), values, 0, values.length);
    for (int i = 0; taps.isNone() && i < values.length; i++) {
      values[i] = rounded(values[i]);
    }
    DeviceBuffer copy = memory().of(values);
    return new Tensor(copy, 0, tensor.rows(), tensor.positions(), tensor.stride());
  }

  @Override
  public void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    Tensor roundedX = rounded(x, weights.taps());
    oracle.sparse().spmm(weights, bias, roundedX, y, epilogue);
    roundedX.buffer().close();
  }

  @Override
  public void spmmTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    Tensor roundedDy = rounded(dy, weights.taps());
    oracle.sparse().spmmTransposed(weights, roundedDy, dx, epilogue);
    roundedDy.buffer().close();
  }

  @Override
  public void sddmm(
      CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient, DeviceBuffer biasGradient) {
    Tensor roundedX = rounded(x, pattern.taps());
    Tensor roundedDy = rounded(dy, pattern.taps());
    oracle.sparse().sddmm(pattern, roundedX, roundedDy, gradient, null);
    sumRows(dy, biasGradient);
    roundedX.buffer().close();
    roundedDy.buffer().close();
  }

  @Override
  public void sddmmSgd(
      SparseWeights weights,
      Tensor x,
      Tensor dy,
      DeviceBuffer velocity,
      DeviceBuffer biasGradient,
      SgdRule rule,
      float learningRate) {
    Tensor roundedX = rounded(x, weights.csr().taps());
    Tensor roundedDy = rounded(dy, weights.csr().taps());
    oracle.sparse().sddmmSgd(weights, roundedX, roundedDy, velocity, null, rule, learningRate);
    sumRows(dy, biasGradient);
    roundedX.buffer().close();
    roundedDy.buffer().close();
  }

  private void sumRows(Tensor dy, DeviceBuffer sums) {
    if (sums != null) {
      oracle.rows().rowSums(dy, sums);
    }
  }

  @Override
  public SparseProducts sparse() {
    return this;
  }

  @Override
  public String name() {
    return "rounding " + oracle.name();
  }

  @Override
  public String description() {
    return oracle.description();
  }

  @Override
  public Memory memory() {
    return oracle.memory();
  }

  @Override
  public DenseProducts dense() {
    return oracle.dense();
  }

  @Override
  public RowOps rows() {
    return oracle.rows();
  }

  @Override
  public ImageOps images() {
    return oracle.images();
  }

  @Override
  public LossOps losses() {
    return oracle.losses();
  }

  @Override
  public UpdateOps updates() {
    return oracle.updates();
  }

  @Override
  public TopologyOps topology() {
    return oracle.topology();
  }

  @Override
  public void close() {
    oracle.close();
  }
}
