/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.scalar.Matrix.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.espalier.backend.Epilogue;
import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.TransposedCopy;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The oracle's products against textbook matrix algebra and numbers worked out by hand. */
class ScalarProductsTest {

  /** Results are rounded to float once. */
  private static final double ROUNDING = 1e-6;

  private final ScalarBackend backend = new ScalarBackend();
  private final Memory memory = backend.memory();

  @Test
  void spmmOfTwoByThreeByHand() {
    // [1 0 2; 0 3 0] * [1 2; 3 4; 5 6] + [10; 20]
    Matrix w = new Matrix(new double[][] {{1, 0, 2}, {0, 3, 0}});
    Matrix x = new Matrix(new double[][] {{1, 2}, {3, 4}, {5, 6}});
    Tensor y = Matrix.zeros(2, 2).tensor(memory);
    DeviceBuffer bias = memory.of(new float[] {10, 20});
    backend.sparse().spmm(w.csr(memory), bias, x.tensor(memory), y, Epilogue.NONE);
    assertClose(new Matrix(new double[][] {{21, 24}, {29, 32}}), Matrix.of(memory, y), 0);
  }

  @Test
  void sddmmOfTwoByThreeByHand() {
    // rows of dY times rows of X, at cells (0,0), (0,2) and (1,1)
    Matrix pattern = new Matrix(new double[][] {{9, 0, 9}, {0, 9, 0}});
    Matrix x = new Matrix(new double[][] {{1, 2}, {3, 4}, {5, 6}});
    Matrix dy = new Matrix(new double[][] {{1, -1}, {2, 3}});
    DeviceBuffer gradient = memory.allocate(ElementType.FLOAT32, 3);
    backend
        .sparse()
        .sddmm(pattern.csr(memory), x.tensor(memory), dy.tensor(memory), gradient, null);
    assertClose(new Matrix(new double[][] {{-1, -1, 18}}), Matrix.of(memory, gradient, 1, 3), 0);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,0", "7,5,17,0.5", "5,31,3,0.9", "40,20,16,0.8", "3,4,5,1"})
  void sparseProductsAreMatrixProducts(int rows, int columns, int positions, double zeros) {
    Matrix w = Matrix.random(rows, columns, 1).thinned(zeros, 2);
    Matrix x = Matrix.random(columns, positions, 3);
    Matrix dy = Matrix.random(rows, positions, 4);
    double[] bias = Matrix.random(1, rows, 5).cells()[0];
    CsrMatrix csr = w.csr(memory);

    Tensor y = Matrix.random(rows, positions, 6).tensor(memory);
    backend.sparse().spmm(csr, null, x.tensor(memory), y, Epilogue.NONE);
    assertClose(w.times(x), Matrix.of(memory, y), ROUNDING * columns);
    DeviceBuffer b = memory.of(new Matrix(new double[][] {bias}).flat());
    backend.sparse().spmm(csr, b, x.tensor(memory), y, Epilogue.NONE);
    assertClose(w.times(x).plusColumn(bias), Matrix.of(memory, y), ROUNDING * columns);

    Tensor dx = Matrix.random(columns, positions, 7).tensor(memory);
    try (TransposedCopy copy = backend.topology().transpose(csr)) {
      backend.sparse().spmm(copy.csr(), null, dy.tensor(memory), dx, Epilogue.NONE);
    }
    assertClose(w.transposed().times(dy), Matrix.of(memory, dx), ROUNDING * rows);

    DeviceBuffer gradient = memory.allocate(ElementType.FLOAT32, csr.nnz());
    backend.sparse().sddmm(csr, x.tensor(memory), dy.tensor(memory), gradient, null);
    Matrix full = dy.times(x.transposed());
    float[] sampled = memory.floats(gradient, csr.nnz());
    int k = 0;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        if (w.cells()[r][c] != 0) {
          assertEquals(full.cells()[r][c], sampled[k++], ROUNDING * positions);
        }
      }
    }
    assertEquals(csr.nnz(), k);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "7,5,17", "5,31,3", "20,9,16"})
  void denseProductsAreMatrixProducts(int rows, int columns, int positions) {
    Matrix w = Matrix.random(rows, columns, 1);
    Matrix x = Matrix.random(columns, positions, 3);
    Matrix dy = Matrix.random(rows, positions, 4);
    double[] bias = Matrix.random(1, rows, 5).cells()[0];
    DeviceBuffer weights = memory.of(w.flat());

    Tensor y = Matrix.random(rows, positions, 6).tensor(memory);
    backend.dense().gemm(weights, Taps.NONE, null, x.tensor(memory), y, Epilogue.NONE);
    assertClose(w.times(x), Matrix.of(memory, y), ROUNDING * columns);
    DeviceBuffer b = memory.of(new Matrix(new double[][] {bias}).flat());
    backend.dense().gemm(weights, Taps.NONE, b, x.tensor(memory), y, Epilogue.NONE);
    assertClose(w.times(x).plusColumn(bias), Matrix.of(memory, y), ROUNDING * columns);

    Tensor dx = Matrix.random(columns, positions, 7).tensor(memory);
    backend.dense().gemmTransposed(weights, Taps.NONE, dy.tensor(memory), dx, Epilogue.NONE);
    assertClose(w.transposed().times(dy), Matrix.of(memory, dx), ROUNDING * rows);

    DeviceBuffer gradient = memory.of(Matrix.random(rows, columns, 8).flat());
    backend.dense().gemmGradient(Taps.NONE, x.tensor(memory), dy.tensor(memory), gradient);
    assertClose(
        dy.times(x.transposed()), Matrix.of(memory, gradient, rows, columns), ROUNDING * positions);
  }

  @Test
  void sumsAreMadeInDoublePrecision() {
    // in single precision the ones would be lost beside 2^26
    int terms = 1000;
    double[][] row = new double[1][terms];
    Arrays.fill(row[0], 1);
    row[0][0] = 0x1p26;
    row[0][terms - 1] = -0x1p26;
    Matrix x = Matrix.zeros(terms, 1).plusColumn(onesOf(terms));
    Tensor y = Matrix.zeros(1, 1).tensor(memory);
    backend.sparse().spmm(new Matrix(row).csr(memory), null, x.tensor(memory), y, Epilogue.NONE);
    assertEquals(terms - 2, Matrix.of(memory, y).cells()[0][0]);
  }

  private static double[] onesOf(int length) {
    double[] ones = new double[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void syncCopiesTheValuesIntoTheTransposedCopy() {
    Matrix w = new Matrix(new double[][] {{1, 0, 2}, {0, 3, 4}});
    SparseWeights weights = new SparseWeights("layer", w.csr(memory), ValueRule.ZEROS);
    backend.updates().syncTransposed(weights);
    weights.setTransposed(backend.topology().transpose(weights.csr()));
    memory.upload(new float[] {10, 20, 30, 40}, 0, weights.csr().values(), 0, 4);
    backend.updates().syncTransposed(weights);
    CsrMatrix copy = weights.transposed().orElseThrow().csr();
    // column by column: (0,0) | (1,1) | (0,2) (1,2)
    assertClose(
        new Matrix(new double[][] {{10, 30, 20, 40}}), Matrix.of(memory, copy.values(), 1, 4), 0);
    weights.close();
    assertEquals(0, memory.liveBuffers());
  }
}
