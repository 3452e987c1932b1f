/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.tensor;

/** What the elements of a {@link DeviceBuffer} are. */
public enum ElementType {
  /** IEEE single precision. */
  FLOAT32(4),
  /** Signed 32-bit integer: row starts, column indices, labels, flags. */
  INT32(4),
  /** Signed 64-bit integer: canonical positions {@code row * columns + column}. */
  INT64(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }
}
