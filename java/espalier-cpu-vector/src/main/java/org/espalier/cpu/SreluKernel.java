/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** SReLU: both outer pieces are computed in every lane, comparisons choose. */
final class SreluKernel implements RowSpans.Body {

  private final RowSpans spans;
  private int rows;
  private float[] knees;
  private float[] in;
  private int inStart;
  private int inStride;
  private float[] out;
  private int outStart;
  private int outStride;

  SreluKernel(WorkerPool pool) {
    this.spans = new RowSpans(pool, this);
  }

  void run(DeviceBuffer parameters, Tensor x, Tensor y) {
    int vectors = Lanes.vectors(x, y);
    rows = x.rows();
    knees = floats(parameters);
    in = floats(x.buffer());
    inStart = start(x);
    inStride = x.stride();
    out = floats(y.buffer());
    outStart = start(y);
    outStride = y.stride();
    spans.run(rows, vectors, 3);
    knees = null;
    in = null;
    out = null;
  }

  @Override
  public void span(int row, int fromVector, int toVector) {
    int at = fromVector * L;
    apply(
        knees,
        BASE + row,
        rows,
        in,
        inStart + row * inStride + at,
        out,
        outStart + row * outStride + at,
        (toVector - fromVector) * L);
  }

  private static void apply(
      float[] knees, int k, int rows, float[] in, int xo, float[] out, int yo, int count) {
    FloatVector left = FloatVector.broadcast(Lanes.F, knees[k]);
    FloatVector slopeLeft = FloatVector.broadcast(Lanes.F, knees[k + rows]);
    FloatVector right = FloatVector.broadcast(Lanes.F, knees[k] + Math.abs(knees[k + 2 * rows]));
    FloatVector slopeRight = FloatVector.broadcast(Lanes.F, knees[k + 3 * rows]);
    for (int i = 0; i < count; i += L) {
      FloatVector x = FloatVector.fromArray(Lanes.F, in, xo + i);
      x.blend(x.sub(right).fma(slopeRight, right), x.compare(VectorOperators.GT, right))
          .blend(x.sub(left).fma(slopeLeft, left), x.compare(VectorOperators.LT, left))
          .intoArray(out, yo + i);
    }
  }
}
