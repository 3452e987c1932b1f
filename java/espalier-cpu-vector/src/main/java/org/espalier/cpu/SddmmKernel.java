/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import org.espalier.backend.SgdRule;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * SDDMM: the connections are cut into the panels of a {@link BlockPlan}, of equal size, whatever
 * their rows. With an optimizer, the gradients of a panel go from scratch memory into the values
 * and the velocities as soon as they are there, and the transposed copy follows.
 */
final class SddmmKernel implements WorkerPool.Task {

  private final WorkerPool pool;
  private final SddmmTiles tiles;
  private final SddmmPlans plans;
  private final SyncKernel sync;
  private final float[][] rowScratch;
  private final float[][] panelGradients;
  private final int[] tailMask = new int[L];

  private int rows;
  private Tensor dy;
  private float[] gradients;
  private float[] biasGradients;
  private SgdRule rule;
  private float learningRate;
  private float[] values;
  private float[] velocities;
  private BlockPlan plan; // null without connections
  private int parts;

  SddmmKernel(WorkerPool pool, SyncKernel sync) {
    this.pool = pool;
    this.tiles = new SddmmTiles(pool.threads());
    this.plans = new SddmmPlans(pool);
    this.sync = sync;
    this.rowScratch = new float[pool.threads()][RowSumsKernel.PARTIAL];
    this.panelGradients = new float[pool.threads()][0];
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
    run(weights.csr(), x, dOut, biasGradient);
    values = null;
    velocities = null;
    sync.run(weights);
  }

  private void run(CsrMatrix pattern, Tensor x, Tensor dOut, DeviceBuffer biasGradient) {
    rows = pattern.rows();
    dy = dOut;
    biasGradients = biasGradient == null ? null : floats(biasGradient);
    Lanes.fillTailMask(tailMask, dy.positions());
    tiles.open(x, dy);
    plan = pattern.nnz() == 0 ? null : plans.of(pattern, x.stride());
    parts = plan == null ? 1 : plan.panels();
    if (plan != null) {
      tiles.makeRoom(plan, pattern.columns());
      if (rule != null) {
        makeRoom(plan.largestPanel());
      }
    }
    pool.run(parts, this);
    tiles.close();
    plan = null;
    dy = null;
    biasGradients = null;
  }

  /** Makes room for the gradients of a panel, for every worker, since any may come to need it. */
  private void makeRoom(int entries) {
    for (int worker = 0; worker < panelGradients.length; worker++) {
      if (panelGradients[worker].length < BASE + entries + L) {
        panelGradients[worker] = new float[BASE + entries + L];
      }
    }
  }

  @Override
  public void run(int part, int worker) {
    if (plan != null) {
      panel(part, worker);
    }
    if (biasGradients != null) {
      int from = (int) Split.start(rows, part, parts);
      sumRows(from, (int) Split.start(rows, part + 1, parts), worker);
    }
  }

  private void panel(int panel, int worker) {
    int from = plan.panelStart()[panel];
    int to = plan.panelStart()[panel + 1];
    if (rule == null) {
      tiles.gradients(plan, panel, worker, gradients, BASE + from);
      return;
    }
    float[] g = panelGradients[worker];
    tiles.gradients(plan, panel, worker, g, BASE);
    SgdKernel.step(rule, learningRate, 1, values, velocities, BASE + from, BASE + to, g, BASE);
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
