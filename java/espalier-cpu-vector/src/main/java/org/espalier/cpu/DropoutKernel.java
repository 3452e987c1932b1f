/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.espalier.backend.Dropout;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.Tensor;

/** Dropout: the hash of {@link Dropout#bits} in every lane, about ten integer operations. */
final class DropoutKernel implements RowSpans.Body {

  // The step between positions and the mixer, as Dropout and Keys.mix(int) define them.
  private static final int STEP = 0x9E3779B9;
  private static final int MULTIPLIER_1 = 0x85ebca6b;
  private static final int MULTIPLIER_2 = 0xc2b2ae35;

  private final RowSpans spans;
  private final int[] laneSteps = new int[L];
  private Dropout dropout;
  private float[] in;
  private int inStart;
  private int inStride;
  private float[] out;
  private int outStart;
  private int outStride;

  DropoutKernel(WorkerPool pool) {
    this.spans = new RowSpans(pool, this);
    for (int lane = 0; lane < L; lane++) {
      laneSteps[lane] = lane * STEP;
    }
  }

  void run(Dropout rule, Tensor x, Tensor y) {
    int vectors = Lanes.vectors(x, y);
    dropout = rule;
    in = floats(x.buffer());
    inStart = start(x);
    inStride = x.stride();
    out = floats(y.buffer());
    outStart = start(y);
    outStride = y.stride();
    spans.run(x.rows(), vectors, 4);
    in = null;
    out = null;
  }

  @Override
  public void span(int row, int fromVector, int toVector) {
    int at = fromVector * L;
    apply(
        dropout.rowSeed(row) + at * STEP,
        dropout.threshold(),
        dropout.scale(),
        laneSteps,
        in,
        inStart + row * inStride + at,
        out,
        outStart + row * outStride + at,
        (toVector - fromVector) * L);
  }

  private static void apply(
      int seed,
      int threshold,
      float scale,
      int[] laneSteps,
      float[] in,
      int xo,
      float[] out,
      int yo,
      int count) {
    IntVector lanes = IntVector.fromArray(Lanes.I, laneSteps, 0);
    FloatVector factor = FloatVector.broadcast(Lanes.F, scale);
    for (int i = 0; i < count; i += L) {
      IntVector h = lanes.add(seed + i * STEP);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16)).mul(MULTIPLIER_1);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 13)).mul(MULTIPLIER_2);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
      // 24 bits less the threshold are negative for what is dropped: a mask of its sign bits
      IntVector dropped =
          h.lanewise(VectorOperators.LSHR, 8).sub(threshold).lanewise(VectorOperators.ASHR, 31);
      FloatVector.fromArray(Lanes.F, in, xo + i)
          .mul(factor)
          .reinterpretAsInts()
          .and(dropped.not())
          .reinterpretAsFloats()
          .intoArray(out, yo + i);
    }
  }
}
