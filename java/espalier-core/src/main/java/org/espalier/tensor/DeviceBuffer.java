/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.tensor;

/**
 * Memory of one backend: a fixed number of elements of one type.
 *
 * <p>Whoever allocates a buffer closes it. Closing twice, or using a closed buffer, throws {@link
 * IllegalStateException}. A buffer is only understood by the backend that allocated it.
 */
public interface DeviceBuffer extends AutoCloseable {

  /** Returns the type of the elements. */
  ElementType type();

  /** Returns the number of elements. */
  long length();

  /** Returns the size in bytes. */
  default long bytes() {
    return length() * type().bytes();
  }

  /** Gives the memory back. */
  @Override
  void close();
}
