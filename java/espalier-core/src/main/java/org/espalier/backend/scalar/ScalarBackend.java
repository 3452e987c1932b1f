/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

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

/** The reference backend: one thread, plain loops, every sum in double precision. */
public final class ScalarBackend implements Backend {

  /** The name users choose it by. */
  public static final String NAME = "cpu-scalar";

  /** Topology updates are shared with the fast backend; here one thread does them. */
  private final WorkerPool pool = new WorkerPool(1);

  private final HostMemory memory = new HostMemory();
  private final HostTopology topology = new HostTopology(memory, pool);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "plain Java loops, double accumulation, 1 thread (the reference, slow)";
  }

  @Override
  public Memory memory() {
    return memory;
  }

  @Override
  public SparseProducts sparse() {
    return new ScalarSparseProducts(memory, rows(), updates());
  }

  @Override
  public DenseProducts dense() {
    return new ScalarDenseProducts(rows());
  }

  @Override
  public RowOps rows() {
    return new ScalarRowOps();
  }

  @Override
  public ImageOps images() {
    return new ScalarImageOps();
  }

  @Override
  public LossOps losses() {
    return new ScalarLossOps();
  }

  @Override
  public UpdateOps updates() {
    return new ScalarUpdateOps();
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
