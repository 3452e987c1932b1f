/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** The weights of a sparse layer; its size is the layer's nnz and may change between steps. */
public final class SparseParameter implements Parameter {

  private final String name;
  private final SparseWeights weights;
  private final boolean fixed;
  private final Backend backend;
  private DeviceBuffer gradient;

  /** Wraps weights, whose ownership passes here. */
  public SparseParameter(Backend backend, String name, SparseWeights weights) {
    this(backend, name, weights, false);
  }

  /**
   * Wraps weights, whose ownership passes here.
   *
   * @param fixed whether they are all the weights that the layer can have, in places that never
   *     change
   */
  SparseParameter(Backend backend, String name, SparseWeights weights, boolean fixed) {
    this.fixed = fixed;
    this.backend = backend;
    this.name = name;
    this.weights = weights;
  }

  /** Tells whether the layer has all its weights, in places that never change. */
  public boolean isFixed() {
    return fixed;
  }

  /** Returns the connections. */
  public SparseWeights weights() {
    return weights;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return weights.csr().nnz();
  }

  @Override
  public DeviceBuffer values() {
    return weights.csr().values();
  }

  @Override
  public DeviceBuffer gradient() {
    if (gradient == null || gradient.length() < size()) {
      closeGradient();
      gradient = backend.memory().allocate(ElementType.FLOAT32, size());
    }
    return gradient;
  }

  @Override
  public List<DeviceBuffer> state() {
    return weights.state();
  }

  @Override
  public void addState() {
    weights.addState(backend.memory().allocate(ElementType.FLOAT32, size()));
  }

  @Override
  public boolean decays() {
    return true;
  }

  @Override
  public void updated() {
    backend.updates().syncTransposed(weights);
  }

  private void closeGradient() {
    if (gradient != null) {
      gradient.close();
      gradient = null;
    }
  }

  @Override
  public void close() {
    weights.close();
    closeGradient();
  }
}
