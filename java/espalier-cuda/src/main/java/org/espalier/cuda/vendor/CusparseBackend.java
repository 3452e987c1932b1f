/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import org.espalier.backend.DenseProducts;
import org.espalier.backend.ImageOps;
import org.espalier.backend.LossOps;
import org.espalier.backend.Memory;
import org.espalier.backend.RowOps;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.TopologyOps;
import org.espalier.backend.UpdateOps;
import org.espalier.cuda.interop.SharedDevice;
import org.espalier.cuda.interop.SharingBackend;

/** A CUDA backend with cuSPARSE's products in place of ours. */
final class CusparseBackend implements SharingBackend {

  private final String name;
  private final SharingBackend inner;
  private final SpmmAlgorithm algorithm;
  private final CusparseHandle cusparse;
  private final CusparseProducts sparse;

  /**
   * Creates the backend; it owns the inner one from here on.
   *
   * @throws org.espalier.UserException if cuSPARSE cannot be used on the device
   */
  CusparseBackend(String name, SharingBackend inner, SpmmAlgorithm algorithm) {
    this.name = name;
    this.inner = inner;
    this.algorithm = algorithm;
    this.cusparse = new CusparseHandle(inner.device());
    this.sparse = new CusparseProducts(inner, cusparse, algorithm);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return "%s; sparse products by cuSPARSE %s, %s"
        .formatted(inner.description(), cusparse.version(), algorithm.title());
  }

  @Override
  public void working(String part) {
    inner.working(part);
    cusparse.working(part);
  }

  @Override
  public void await() {
    device().finish(); // also for what only cuSPARSE enqueued
  }

  @Override
  public SharedDevice device() {
    return inner.device();
  }

  @Override
  public Memory memory() {
    return inner.memory();
  }

  @Override
  public SparseProducts sparse() {
    return sparse;
  }

  @Override
  public DenseProducts dense() {
    return inner.dense();
  }

  @Override
  public RowOps rows() {
    return inner.rows();
  }

  @Override
  public ImageOps images() {
    return inner.images();
  }

  @Override
  public LossOps losses() {
    return inner.losses();
  }

  @Override
  public UpdateOps updates() {
    return inner.updates();
  }

  @Override
  public TopologyOps topology() {
    return inner.topology();
  }

  @Override
  public void close() {
    sparse.close();
    cusparse.close();
    inner.close();
  }
}
