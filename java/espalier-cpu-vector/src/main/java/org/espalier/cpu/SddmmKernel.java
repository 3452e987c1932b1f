/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import org.espalier.backend.SgdRule;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * SDDMM: the connections are cut into parts of equal size, whatever their rows. With an optimizer,
 * a chunk of gradients goes from scratch memory into the values, the velocities and the transposed
 * copy as soon as it is there.
 */
final class SddmmKernel implements WorkerPool.Task {

  /** Connections between two steps of the optimizer. */
  private static final int CHUNK = 1024;

  /** The same where each chunk goes through several tiles of X, which change less often then. */
  private static final int TILED_CHUNK = 16 * 1024;

  /** Parts begin at multiples of so many connections: whole lines of the arrays. */
  private static final int ALIGNMENT = 64;

  private final WorkerPool pool;
  private final SddmmTiles tiles;
  private final float[][] rowScratch;
  private final float[][] chunkGradients;
  private final int[] tailMask = new int[L];

  private int rows;
  private int nnz;
  private Tensor dy;
  private float[] gradients;
  private float[] biasGradients;
  private SgdRule rule;
  private float learningRate;
  private float[] values;
  private float[] velocities;
  private float[] transposedValues;
  private int[] slot;
  private int chunk;
  private int parts;

  SddmmKernel(WorkerPool pool) {
    this.pool = pool;
    this.tiles = new SddmmTiles(pool.threads());
    this.rowScratch = new float[pool.threads()][RowSumsKernel.PARTIAL];
    this.chunkGradients = new float[pool.threads()][BASE + CHUNK];
  }

  /** Leaves the gradient of the weights in a buffer. */
  void run(
      CsrMatrix pattern, Tensor x, Tensor dOut, DeviceBuffer gradient, DeviceBuffer biasGradient) {
    gradients = floats(gradient);
    rule = null;
    run(pattern, x, dOut, biasGradient);
    gradients = null;
  }

  /** Makes a step of momentum SGD instead. */
  void step(
      SparseWeights weights,
      Tensor x,
      Tensor dOut,
      DeviceBuffer velocity,
      DeviceBuffer biasGradient,
      SgdRule constants,
      float rate) {
    rule = constants;
    learningRate = rate;
    values = floats(weights.csr().values());
    velocities = velocity == null ? null : floats(velocity);
    TransposedCopy copy = weights.transposed().orElse(null);
    transposedValues = copy == null ? null : floats(copy.csr().values());
    slot = copy == null ? null : ints(copy.slot());
    run(weights.csr(), x, dOut, biasGradient);
    values = null;
    velocities = null;
    transposedValues = null;
    slot = null;
  }

  private void run(CsrMatrix pattern, Tensor x, Tensor dOut, DeviceBuffer biasGradient) {
    rows = pattern.rows();
    nnz = pattern.nnz();
    dy = dOut;
    biasGradients = biasGradient == null ? null : floats(biasGradient);
    Lanes.fillTailMask(tailMask, dy.positions());
    tiles.open(pattern, x, dy);
    chunk = rule == null ? Math.max(1, nnz) : tiles.tiles() <= 1 ? CHUNK : TILED_CHUNK;
    parts = Split.parts(pool, (long) nnz * tiles.vectors());
    pool.run(parts, this);
    tiles.close();
    dy = null;
    biasGradients = null;
  }

  @Override
  public void run(int part, int worker) {
    int from = firstEntry(part);
    int to = firstEntry(part + 1);
    for (int c0 = from; c0 < to; c0 += chunk) {
      int c1 = Math.min(to, c0 + chunk);
      if (rule == null) {
        tiles.gradients(c0, c1, worker, gradients, BASE + c0);
      } else {
        step(c0, c1, worker);
      }
    }
    if (biasGradients != null) {
      int end = part == parts - 1 ? rows : tiles.rowFrom(to);
      sumRows(part == 0 ? 0 : tiles.rowFrom(from), end, worker);
    }
  }

  private int firstEntry(int part) {
    return part == parts ? nnz : (int) Split.start(nnz / ALIGNMENT, part, parts) * ALIGNMENT;
  }

  private void step(int c0, int c1, int worker) {
    if (chunkGradients[worker].length < BASE + c1 - c0) {
      chunkGradients[worker] = new float[BASE + chunk];
    }
    float[] g = chunkGradients[worker];
    tiles.gradients(c0, c1, worker, g, BASE);
    SgdKernel.step(rule, learningRate, 1, values, velocities, BASE + c0, BASE + c1, g, BASE);
    if (slot != null) {
      SyncKernel.scatter(values, transposedValues, slot, c0, c1);
    }
  }

  private void sumRows(int r0, int r1, int worker) {
    if (tiles.vectors() == 0) {
      Arrays.fill(biasGradients, BASE + r0, BASE + r1, 0);
      return;
    }
    RowSumsKernel.sum(
        floats(dy.buffer()),
        start(dy),
        dy.stride(),
        tiles.vectors(),
        tailMask,
        r0,
        r1,
        rowScratch[worker],
        biasGradients);
  }
}
