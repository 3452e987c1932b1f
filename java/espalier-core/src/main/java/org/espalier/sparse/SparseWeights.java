/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.espalier.tensor.DeviceBuffer;

/**
 * One sparse layer's connections and all that travels with them: the CSR matrix, its transposed
 * copy when somebody needs input gradients, and the optimizer's state arrays. All of it is
 * proportional to nnz.
 *
 * <p>A topology update swaps the arrays through {@link #replace}; the object itself stays, so
 * layers and optimizers keep their reference.
 */
public final class SparseWeights implements AutoCloseable {

  private final String name;
  private final ValueRule initialValues;
  private CsrMatrix csr;
  private Optional<TransposedCopy> transposed = Optional.empty();
  private final List<DeviceBuffer> state = new ArrayList<>();
  private final List<DeviceBuffer> stateView = Collections.unmodifiableList(state);

  /** Takes ownership of a matrix; it has no transposed copy and no state yet. */
  public SparseWeights(String name, CsrMatrix csr, ValueRule initialValues) {
    this.name = name;
    this.initialValues = initialValues;
    this.csr = csr;
  }

  /** Returns the name of the layer that owns the connections. */
  public String name() {
    return name;
  }

  /** Returns what the layer's connections started with, and grown ones may start with. */
  public ValueRule initialValues() {
    return initialValues;
  }

  /** Returns the current connections. */
  public CsrMatrix csr() {
    return csr;
  }

  /** Returns the copy ordered by input channel, if one is kept. */
  public Optional<TransposedCopy> transposed() {
    return transposed;
  }

  /** Returns the optimizer's arrays, each with one element per connection. */
  public List<DeviceBuffer> state() {
    return stateView;
  }

  /** Adds a state array; ownership passes here. */
  public void addState(DeviceBuffer array) {
    if (array.length() < csr.nnz()) {
      throw new IllegalArgumentException(
          "state of %d elements for %d connections".formatted(array.length(), csr.nnz()));
    }
    state.add(array);
  }

  /** Sets the transposed copy, closing the one before. */
  public void setTransposed(TransposedCopy copy) {
    transposed.ifPresent(TransposedCopy::close);
    transposed = Optional.ofNullable(copy).map(made -> made.with(csr.taps()));
  }

  /**
   * Puts new connections in place of the old, which are closed together with the transposed copy.
   *
   * @param newState as many arrays as there were before
   */
  public void replace(CsrMatrix newCsr, List<DeviceBuffer> newState) {
    if (newState.size() != state.size()) {
      throw new IllegalArgumentException(
          "%d state arrays in place of %d".formatted(newState.size(), state.size()));
    }
    close();
    csr = newCsr.with(csr.taps());
    state.addAll(newState);
  }

  @Override
  public void close() {
    csr.close();
    state.forEach(DeviceBuffer::close);
    state.clear();
    setTransposed(null);
  }
}
