/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import java.util.Map;

/**
 * A device that networks run on: its memory and its operations, one interface for each family.
 *
 * <p>A backend is used by one thread at a time; inside, it may use as many as it likes. The same
 * inputs give the same bits whatever the number of threads.
 */
public interface Backend extends AutoCloseable {

  /** Returns the short name users choose it by, such as {@code cpu}. */
  String name();

  /** Returns one line about the device and how it is used, for people. */
  String description();

  /**
   * Tells what the allocations and operations that follow are for, usually a layer by its name, so
   * that an error can say so.
   */
  default void working(String part) {}

  /**
   * Waits until everything asked for so far is done. Reading a result does that by itself, so this
   * is for measuring; a backend that computes at once has nothing to wait for.
   */
  default void await() {}

  /** Sets among which kernels it chooses from now on. */
  default void use(KernelPolicy policy) {}

  /**
   * Returns the kernels chosen so far, by operation and shape. Another kernel rounds differently,
   * so a run that is taken up again has to have the same.
   */
  default Map<String, String> kernelChoices() {
    return Map.of();
  }

  /** Takes choices from {@link #kernelChoices}, before it makes its own. */
  default void useKernelChoices(Map<String, String> choices) {}

  /** Returns its memory. */
  Memory memory();

  /** Returns the products with sparse weights. */
  SparseProducts sparse();

  /** Returns the products with dense weights. */
  DenseProducts dense();

  /** Returns the row-wise operations. */
  RowOps rows();

  /** Returns the operations on images. */
  ImageOps images();

  /** Returns the losses. */
  LossOps losses();

  /** Returns the operations of optimizers. */
  UpdateOps updates();

  /** Returns pruning, growing and rebuilding. */
  TopologyOps topology();

  /**
   * Stops its threads and gives back what it holds; buffers still open are an error of the caller.
   */
  @Override
  void close();
}
