/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

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

/** The CPU backend in plain Java: a team of threads, loops that the compiler vectorises. */
final class PortableBackend implements Backend {

  /** The name users choose it by. */
  static final String NAME = "cpu-portable";

  private final WorkerPool pool;
  private final HostMemory memory = new HostMemory();
  private final TopologyOps topology;
  private final SparseProducts sparse;
  private final DenseProducts dense;
  private final RowOps rows;
  private final ImageOps images;
  private final LossOps losses;
  private final UpdateOps updates;

  PortableBackend(int threads) {
    this.pool = new WorkerPool(threads);
    this.topology = new HostTopology(memory, pool);
    Team team = new Team(pool);
    RowArrays scratch = new RowArrays(team); // one product at a time, so all can share it
    TapProduct tapProduct = new TapProduct(team);
    TapDots tapDots = new TapDots(team);
    this.sparse = new PortableSparseProducts(team, scratch, tapProduct, tapDots);
    this.dense = new PortableDenseProducts(team, scratch, tapProduct, tapDots);
    this.rows = new PortableRowOps(team);
    this.images = new PortableImageOps(pool, team, rows);
    this.losses = new PortableLossOps(team);
    this.updates = new PortableUpdateOps(team);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "plain Java without the Vector API, %d thread%s"
        .formatted(pool.threads(), pool.threads() == 1 ? "" : "s");
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
