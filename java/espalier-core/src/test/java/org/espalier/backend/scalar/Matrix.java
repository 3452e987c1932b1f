/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * A small dense matrix in double precision: textbook algebra, independent of how the backend loops.
 *
 * @param cells rows of equal length
 */
record Matrix(double[][] cells) {

  static Matrix zeros(int rows, int columns) {
    return new Matrix(new double[rows][columns]);
  }

  /** Returns numbers in [-1, 1) that are floats too. */
  static Matrix random(int rows, int columns, long key) {
    Matrix matrix = zeros(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.cells[r][c] = (Keys.hash(key, (long) r * columns + c) >>> 40) * 0x1p-23 - 1;
      }
    }
    return matrix;
  }

  /** Returns the matrix with about {@code share} of its cells set to zero. */
  Matrix thinned(double share, long key) {
    Matrix thin = zeros(rows(), columns());
    for (int r = 0; r < rows(); r++) {
      for (int c = 0; c < columns(); c++) {
        boolean stays = (Keys.hash(key, (long) r * columns() + c) >>> 11) * 0x1p-53 >= share;
        thin.cells[r][c] = stays ? cells[r][c] : 0;
      }
    }
    return thin;
  }

  int rows() {
    return cells.length;
  }

  int columns() {
    return cells[0].length;
  }

  Matrix times(Matrix other) {
    Matrix product = zeros(rows(), other.columns());
    for (int inner = 0; inner < columns(); inner++) {
      for (int r = 0; r < rows(); r++) {
        for (int c = 0; c < other.columns(); c++) {
          product.cells[r][c] += cells[r][inner] * other.cells[inner][c];
        }
      }
    }
    return product;
  }

  Matrix transposed() {
    Matrix turned = zeros(columns(), rows());
    for (int r = 0; r < rows(); r++) {
      for (int c = 0; c < columns(); c++) {
        turned.cells[c][r] = cells[r][c];
      }
    }
    return turned;
  }

  /** Returns the matrix with {@code column[r]} added to every element of row r. */
  Matrix plusColumn(double[] column) {
    Matrix sum = zeros(rows(), columns());
    for (int r = 0; r < rows(); r++) {
      for (int c = 0; c < columns(); c++) {
        sum.cells[r][c] = cells[r][c] + column[r];
      }
    }
    return sum;
  }

  /** Returns the rows one after the other. */
  float[] flat() {
    float[] flat = new float[rows() * columns()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) cells[i / columns()][i % columns()];
    }
    return flat;
  }

  /** Returns a tensor of these rows whose padding is NaN. */
  Tensor tensor(Memory memory) {
    int stride = Tensor.strideFor(columns() + 1);
    float[] padded = new float[rows() * stride];
    Arrays.fill(padded, Float.NaN);
    for (int r = 0; r < rows(); r++) {
      System.arraycopy(flat(), r * columns(), padded, r * stride, columns());
    }
    return new Tensor(memory.of(padded), 0, rows(), columns(), stride);
  }

  static Matrix of(Memory memory, Tensor tensor) {
    float[] all = memory.floats(tensor.buffer(), (int) tensor.buffer().length());
    Matrix matrix = zeros(tensor.rows(), tensor.positions());
    for (int r = 0; r < tensor.rows(); r++) {
      for (int p = 0; p < tensor.positions(); p++) {
        matrix.cells[r][p] = all[(int) tensor.offset() + r * tensor.stride() + p];
      }
    }
    return matrix;
  }

  static Matrix of(Memory memory, DeviceBuffer buffer, int rows, int columns) {
    float[] flat = memory.floats(buffer, rows * columns);
    Matrix matrix = zeros(rows, columns);
    for (int i = 0; i < flat.length; i++) {
      matrix.cells[i / columns][i % columns] = flat[i];
    }
    return matrix;
  }

  /** Returns the non-zero cells in CSR form. */
  CsrMatrix csr(Memory memory) {
    int[] rowStart = new int[rows() + 1];
    int[] column = new int[rows() * columns()];
    float[] values = new float[rows() * columns()];
    int nnz = 0;
    for (int r = 0; r < rows(); r++) {
      for (int c = 0; c < columns(); c++) {
        if (cells[r][c] != 0) {
          column[nnz] = c;
          values[nnz++] = (float) cells[r][c];
        }
      }
      rowStart[r + 1] = nnz;
    }
    return new CsrMatrix(
        rows(), columns(), nnz, memory.of(rowStart), memory.of(column), memory.of(values));
  }

  static void assertClose(Matrix expected, Matrix actual, double tolerance) {
    assertEquals(expected.rows(), actual.rows());
    assertEquals(expected.columns(), actual.columns());
    for (int r = 0; r < expected.rows(); r++) {
      for (int c = 0; c < expected.columns(); c++) {
        int row = r;
        int column = c;
        assertEquals(
            expected.cells[r][c],
            actual.cells[r][c],
            tolerance,
            () -> "row " + row + ", column " + column);
      }
    }
  }
}
