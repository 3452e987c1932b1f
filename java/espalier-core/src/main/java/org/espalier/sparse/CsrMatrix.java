/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

import org.espalier.tensor.DeviceBuffer;

/**
 * The taps of a sparse layer: for each row the columns it reads and their weights, in compressed
 * sparse row form with columns ascending inside a row.
 *
 * <p>The canonical position of a connection is {@code row * columns + column}, which ascends
 * through the arrays.
 *
 * @param rows output channels
 * @param columns fan-in of a full row: input channels times taps of each
 * @param nnz number of connections
 * @param rowStart INT32, {@code rows + 1} elements: row r holds entries rowStart[r] to
 *     rowStart[r+1]
 * @param column INT32, at least {@code nnz} elements
 * @param values FLOAT32, at least {@code nnz} elements
 * @param taps what the columns read
 */
public record CsrMatrix(
    int rows,
    int columns,
    int nnz,
    DeviceBuffer rowStart,
    DeviceBuffer column,
    DeviceBuffer values,
    Taps taps)
    implements AutoCloseable {

  /** Creates a matrix whose columns are input channels. */
  public CsrMatrix(
      int rows,
      int columns,
      int nnz,
      DeviceBuffer rowStart,
      DeviceBuffer column,
      DeviceBuffer values) {
    this(rows, columns, nnz, rowStart, column, values, Taps.NONE);
  }

  /** Checks that the taps fit the columns. */
  public CsrMatrix {
    if (columns % taps.count() != 0) {
      throw new IllegalArgumentException(
          "%d columns for channels of %d taps".formatted(columns, taps.count()));
    }
  }

  /** Returns the number of input channels. */
  public int channels() {
    return columns / taps.count();
  }

  /** Returns the same connections reading by other taps; the buffers of both are shared. */
  public CsrMatrix with(Taps other) {
    return new CsrMatrix(rows, columns, nnz, rowStart, column, values, other);
  }

  /** Returns {@code nnz / (rows * columns)}. */
  public double density() {
    return nnz / ((double) rows * columns);
  }

  /** Returns {@code rows * columns}, the weights of the dense layer. */
  public long cells() {
    return (long) rows * columns;
  }

  /** Returns the same connections with other numbers on them; the buffers of both are shared. */
  public CsrMatrix withValues(DeviceBuffer other) {
    return new CsrMatrix(rows, columns, nnz, rowStart, column, other, taps);
  }

  /** Closes the three buffers. */
  @Override
  public void close() {
    rowStart.close();
    column.close();
    values.close();
  }
}
