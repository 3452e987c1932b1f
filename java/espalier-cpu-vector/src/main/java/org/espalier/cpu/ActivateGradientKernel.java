/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.espalier.backend.Activation;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.Tensor;

/** Gradients of activations, two reads and one write for each vector. */
final class ActivateGradientKernel implements RowSpans.Body {

  private final RowSpans spans;
  private Activation activation;
  private float[] known;
  private int knownStart;
  private int knownStride;
  private float[] dOut;
  private int dOutStart;
  private int dOutStride;
  private float[] dIn;
  private int dInStart;
  private int dInStride;

  ActivateGradientKernel(WorkerPool pool) {
    this.spans = new RowSpans(pool, this);
  }

  /**
   * Multiplies with the derivative.
   *
   * @param values what the derivative is read off: the output for SIGMOID and TANH, else the input
   */
  void run(Activation function, Tensor values, Tensor dy, Tensor dx) {
    int vectors = Lanes.vectors(values, dy);
    Lanes.vectors(dy, dx);
    activation = function;
    known = floats(values.buffer());
    knownStart = start(values);
    knownStride = values.stride();
    dOut = floats(dy.buffer());
    dOutStart = start(dy);
    dOutStride = dy.stride();
    dIn = floats(dx.buffer());
    dInStart = start(dx);
    dInStride = dx.stride();
    int whole = vectors * L;
    boolean line = knownStride == whole && dOutStride == whole && dInStride == whole;
    spans.run(line ? 1 : dy.rows(), line ? vectors * dy.rows() : vectors, 3);
    known = null;
    dOut = null;
    dIn = null;
  }

  @Override
  public void span(int row, int fromVector, int toVector) {
    int at = fromVector * L;
    int vo = knownStart + row * knownStride + at;
    int dyo = dOutStart + row * dOutStride + at;
    int dxo = dInStart + row * dInStride + at;
    span(activation, known, vo, dOut, dyo, dIn, dxo, (toVector - fromVector) * L);
  }

  /** Does {@code count} numbers, a multiple of the lanes; dOut and dIn may be one. */
  static void span(
      Activation activation,
      float[] known,
      int vo,
      float[] dOut,
      int dyo,
      float[] dIn,
      int dxo,
      int count) {
    switch (activation.kind()) {
      case RELU -> leakyRelu(0, known, vo, dOut, dyo, dIn, dxo, count);
      case LEAKY_RELU -> leakyRelu(activation.slope(), known, vo, dOut, dyo, dIn, dxo, count);
      case SIGMOID -> sigmoid(known, vo, dOut, dyo, dIn, dxo, count);
      case TANH -> tanh(known, vo, dOut, dyo, dIn, dxo, count);
      default -> throw new IllegalArgumentException("no kernel for " + activation);
    }
  }

  private static void leakyRelu(
      float slope, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int count) {
    FloatVector zero = FloatVector.zero(Lanes.F);
    FloatVector factor = FloatVector.broadcast(Lanes.F, slope);
    for (int i = 0; i < count; i += L) {
      FloatVector d = FloatVector.fromArray(Lanes.F, dy, dyo + i);
      d.mul(factor)
          .blend(d, FloatVector.fromArray(Lanes.F, x, xo + i).compare(VectorOperators.GT, zero))
          .intoArray(dx, dxo + i);
    }
  }

  private static void sigmoid(
      float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int count) {
    FloatVector one = FloatVector.broadcast(Lanes.F, 1);
    for (int i = 0; i < count; i += L) {
      FloatVector v = FloatVector.fromArray(Lanes.F, y, yo + i);
      v.mul(one.sub(v)).mul(FloatVector.fromArray(Lanes.F, dy, dyo + i)).intoArray(dx, dxo + i);
    }
  }

  private static void tanh(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int count) {
    FloatVector one = FloatVector.broadcast(Lanes.F, 1);
    for (int i = 0; i < count; i += L) {
      FloatVector v = FloatVector.fromArray(Lanes.F, y, yo + i);
      v.neg().fma(v, one).mul(FloatVector.fromArray(Lanes.F, dy, dyo + i)).intoArray(dx, dxo + i);
    }
  }
}
