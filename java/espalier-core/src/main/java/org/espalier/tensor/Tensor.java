/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.tensor;

/**
 * A feature-major matrix inside a buffer: {@code rows} channels, each one contiguous row of {@code
 * positions} floats, row {@code r} starting at element {@code offset + r * stride}.
 *
 * <p>For a fully connected layer the positions are the batch. Elements between {@code positions}
 * and {@code stride} are padding: kernels may read and overwrite them, results never depend on
 * them.
 *
 * @param buffer FLOAT32 memory; the tensor is a view and does not own it
 * @param offset first element of row 0
 * @param rows number of channels
 * @param positions elements of a row that count
 * @param stride distance between two rows, in elements; at least {@code positions}
 */
public record Tensor(DeviceBuffer buffer, long offset, int rows, int positions, int stride) {

  /** Rows start on multiples of this many floats: one 64-byte line, the widest SIMD register. */
  public static final int ROW_ALIGNMENT = 16;

  /** Checks that the view lies inside the buffer. */
  public Tensor {
    if (rows < 0 || positions < 0 || stride < positions || offset < 0) {
      throw new IllegalArgumentException(
          "tensor of %d rows, %d positions, stride %d, offset %d"
              .formatted(rows, positions, stride, offset));
    }
    if (buffer.type() != ElementType.FLOAT32) {
      throw new IllegalArgumentException("a tensor needs FLOAT32 memory, not " + buffer.type());
    }
    if (offset + (long) rows * stride > buffer.length()) {
      throw new IllegalArgumentException(
          "tensor of %d rows x stride %d at %d does not fit a buffer of %d elements"
              .formatted(rows, stride, offset, buffer.length()));
    }
  }

  /** Returns the stride that a tensor of this many positions gets: rounded up to whole lines. */
  public static int strideFor(int positions) {
    return (positions + ROW_ALIGNMENT - 1) / ROW_ALIGNMENT * ROW_ALIGNMENT;
  }

  /** Returns the same rows with another number of positions, for a batch that is not full. */
  public Tensor withPositions(int count) {
    return count == positions ? this : new Tensor(buffer, offset, rows, count, stride);
  }
}
