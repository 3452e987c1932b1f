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
 * SDDMM: the connections are cut into parts of equal size, whatever their rows. Where X is large
 * the parts are the panels of a {@link SddmmPlan}. With an optimizer, a chunk of gradients goes
 * from scratch memory into the values, the velocities and the transposed copy as soon as it is
 * there.
 */
final class SddmmKernel implements WorkerPool.Task {

  /** Connections between two steps of the optimizer. */
  private static final int CHUNK = 1024;

  /** The same where each chunk goes through several tiles of X, which change less often then. */
  private static final int TILED_CHUNK = 16 * 1024;

  private final WorkerPool pool;
  private final SddmmTiles tiles;
  private final SddmmPlans plans;
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
  private SddmmPlan plan;
  private int chunk;
  private int parts;

  SddmmKernel(WorkerPool pool, TapIndexes indexes) {
    this.pool = pool;
    this.tiles = new SddmmTiles(pool.threads(), indexes);
    this.plans = new SddmmPlans(pool);
    this.rowScratch = new float[pool.threads()][RowSumsKernel.PARTIAL];
    this.chunkGradients = new float[pool.threads()][0];
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
    boolean planned = nnz != 0 && pattern.taps().isNone();
    plan = planned ? plans.of(pattern, tiles.tileBytes()) : null;
    if (plan == null) {
      chunk = rule == null ? Math.max(1, nnz) : tiles.tiles() <= 1 ? CHUNK : TILED_CHUNK;
      parts = Split.parts(pool, (long) nnz * tiles.vectors());
    } else {
      chunk = plan.largestPanel();
      parts = plan.panels();
    }
    if (plan != null || rule != null) {
      makeRoom(BASE + chunk + L);
    }
    pool.run(parts, this);
    tiles.close();
    plan = null;
    dy = null;
    biasGradients = null;
  }

  /** Makes room for a chunk of gradients, for every worker, since any may come to need it. */
  private void makeRoom(int length) {
    for (int worker = 0; worker < chunkGradients.length; worker++) {
      if (chunkGradients[worker].length < length) {
        chunkGradients[worker] = new float[length];
      }
    }
  }

  @Override
  public void run(int part, int worker) {
    int from = Split.lineStart(nnz, part, parts);
    int to = Split.lineStart(nnz, part + 1, parts);
    for (int c0 = from; c0 < to; c0 += chunk) {
      chunk(part, c0, Math.min(to, c0 + chunk), worker);
    }
    if (biasGradients != null) {
      int end = part == parts - 1 ? rows : tiles.rowFrom(to);
      sumRows(part == 0 ? 0 : tiles.rowFrom(from), end, worker);
    }
  }

  private void chunk(int part, int c0, int c1, int worker) {
    if (plan == null && rule == null) {
      tiles.gradients(c0, c1, worker, gradients, BASE + c0);
      return;
    }
    float[] g = chunkGradients[worker];
    if (plan == null) {
      tiles.gradients(c0, c1, worker, g, BASE);
    } else {
      tiles.gradients(plan, part, worker, g, BASE);
    }
    if (rule == null) {
      System.arraycopy(g, BASE, gradients, BASE + c0, c1 - c0);
      return;
    }
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
