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

/** Activations, one read and one write for each vector. */
final class ActivateKernel implements RowSpans.Body {

  private final RowSpans spans;
  private Activation activation;
  private float[] in;
  private int inStart;
  private int inStride;
  private float[] out;
  private int outStart;
  private int outStride;

  ActivateKernel(WorkerPool pool) {
    this.spans = new RowSpans(pool, this);
  }

  void run(Activation function, Tensor x, Tensor y) {
    int vectors = Lanes.vectors(x, y);
    activation = function;
    in = floats(x.buffer());
    inStart = start(x);
    inStride = x.stride();
    out = floats(y.buffer());
    outStart = start(y);
    outStride = y.stride();
    boolean line = inStride == vectors * L && outStride == inStride; // rows follow one another
    spans.run(line ? 1 : x.rows(), line ? vectors * x.rows() : vectors, 2);
    in = null;
    out = null;
  }

  @Override
  public void span(int row, int fromVector, int toVector) {
    int xo = inStart + row * inStride + fromVector * L;
    int yo = outStart + row * outStride + fromVector * L;
    span(activation, in, xo, out, yo, (toVector - fromVector) * L);
  }

  /** Does {@code count} numbers, a multiple of the lanes; in and out may be one. */
  static void span(Activation activation, float[] in, int xo, float[] out, int yo, int count) {
    switch (activation.kind()) {
      case RELU -> relu(in, xo, out, yo, count);
      case LEAKY_RELU -> leakyRelu(activation.slope(), in, xo, out, yo, count);
      case SIGMOID -> sigmoid(in, xo, out, yo, count);
      case TANH -> tanh(in, xo, out, yo, count);
      default -> throw new IllegalArgumentException("no kernel for " + activation);
    }
  }

  private static void relu(float[] in, int xo, float[] out, int yo, int count) {
    FloatVector zero = FloatVector.zero(Lanes.F);
    for (int i = 0; i < count; i += L) {
      FloatVector x = FloatVector.fromArray(Lanes.F, in, xo + i);
      x.blend(zero, x.compare(VectorOperators.LE, zero)).intoArray(out, yo + i); // NaN stays
    }
  }

  private static void leakyRelu(float slope, float[] in, int xo, float[] out, int yo, int count) {
    FloatVector zero = FloatVector.zero(Lanes.F);
    FloatVector factor = FloatVector.broadcast(Lanes.F, slope);
    for (int i = 0; i < count; i += L) {
      FloatVector x = FloatVector.fromArray(Lanes.F, in, xo + i);
      x.mul(factor).blend(x, x.compare(VectorOperators.GT, zero)).intoArray(out, yo + i);
    }
  }

  private static void sigmoid(float[] in, int xo, float[] out, int yo, int count) {
    for (int i = 0; i < count; i += L) {
      VectorMath.sigmoid(FloatVector.fromArray(Lanes.F, in, xo + i)).intoArray(out, yo + i);
    }
  }

  private static void tanh(float[] in, int xo, float[] out, int yo, int count) {
    for (int i = 0; i < count; i += L) {
      VectorMath.tanh(FloatVector.fromArray(Lanes.F, in, xo + i)).intoArray(out, yo + i);
    }
  }
}
