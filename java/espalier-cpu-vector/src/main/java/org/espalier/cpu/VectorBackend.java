/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import java.util.Map;
import org.espalier.backend.Backend;
import org.espalier.backend.DenseProducts;
import org.espalier.backend.ImageOps;
import org.espalier.backend.LossOps;
import org.espalier.backend.Memory;
import org.espalier.backend.RowOps;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.TopologyOps;
import org.espalier.backend.UpdateOps;
import org.espalier.backend.host.HostMemory;
import org.espalier.backend.host.HostTopology;
import org.espalier.backend.host.WorkerPool;

/** The CPU backend on the JDK Vector API: a team of threads, vectors over the positions. */
final class VectorBackend implements Backend {

  private final WorkerPool pool;
  private final DenseTwins twins = new DenseTwins();
  private final HostMemory memory = new HostMemory();
  private final HostTopology topology;
  private final SparseProducts sparse;
  private final DenseProducts dense;
  private final RowOps rows;
  private final ImageOps images;
  private final LossOps losses;
  private final UpdateOps updates;

  VectorBackend(int threads) {
    this.pool = new WorkerPool(threads);
    this.topology = new HostTopology(memory, pool);
    SyncKernel sync = new SyncKernel(pool);
    this.sparse = new VectorSparseProducts(pool, twins, sync);
    this.dense = new VectorDenseProducts(pool);
    this.rows = new VectorRowOps(pool);
    this.images = new VectorImageOps(pool);
    this.losses = new VectorLossOps(pool);
    this.updates = new VectorUpdateOps(pool, sync);
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    return "Vector API, %d-bit vectors of %d floats, %d thread%s"
        .formatted(
            Lanes.F.vectorBitSize(), Lanes.L, pool.threads(), pool.threads() == 1 ? "" : "s");
  }

  @Override
  public void working(String part) {
    twins.working(part);
  }

  @Override
  public Map<String, String> kernelChoices() {
    return Map.copyOf(twins.choices());
  }

  @Override
  public void useKernelChoices(Map<String, String> choices) {
    twins.use(choices);
  }

  @Override
  public Memory memory() {
    return memory;
  }

  @Override
  public SparseProducts sparse() {
    return sparse;
  }

  @Override
  public DenseProducts dense() {
    return dense;
  }

  @Override
  public RowOps rows() {
    return rows;
  }

  @Override
  public ImageOps images() {
    return images;
  }

  @Override
  public LossOps losses() {
    return losses;
  }

  @Override
  public UpdateOps updates() {
    return updates;
  }

  @Override
  public TopologyOps topology() {
    return topology;
  }

  @Override
  public void close() {
    pool.close();
  }
}
