/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.espalier.backend.Epilogue;
import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two of nine taps over an image of 2 x 2, in lines of 3 positions, worked out by hand. */
class PortableConvolutionTest {

  private static final int GUARD = 16;

  private final PortableBackend backend = new PortableBackend(2);
  private final Memory memory = backend.memory();
  private final Taps taps = Taps.of(Kernel.same(3, 1), 2, 2, 0, 0);

  /** Column 1 reads the pixel above, with weight 10; column 5 the one to the right, weight 1. */
  private final CsrMatrix csr =
      new CsrMatrix(
          1,
          9,
          2,
          memory.of(new int[] {0, 2}),
          memory.of(new int[] {1, 5}),
          memory.of(new float[] {10, 1}),
          taps);

  private final Tensor pixels = tensor(1, 2, 0, 3, 4, 0, 0, 0, 0);
  private final Tensor result = tensor(new float[9]);

  @AfterEach
  void close() {
    backend.close();
  }

  private Tensor tensor(float... row) {
    float[] all = new float[2 * GUARD + 16];
    System.arraycopy(row, 0, all, GUARD, row.length);
    return new Tensor(memory.of(all), GUARD, 1, row.length, 16);
  }

  private void assertResult(float... pixel) {
    float[] expected = new float[2 * GUARD + 16];
    System.arraycopy(pixel, 0, expected, GUARD, 2);
    System.arraycopy(pixel, 2, expected, GUARD + 3, 2);
    float[] is = memory.floats(result.buffer(), expected.length);
    assertArrayEquals(expected, is, "all that is not a pixel is zero: " + Arrays.toString(is));
  }

  @Test
  void spmm() {
    DeviceBuffer bias = memory.of(new float[] {100});
    memory.fill(result.buffer(), GUARD, 16, Float.NaN);
    backend.sparse().spmm(csr, bias, pixels, result, Epilogue.NONE);
    assertResult(102, 100, 114, 120);
  }

  @Test
  void spmmTransposed() {
    memory.fill(result.buffer(), GUARD, 16, Float.NaN);
    try (SparseWeights weights = new SparseWeights("test", csr, ValueRule.ZEROS)) {
      weights.setTransposed(backend.topology().transpose(csr));
      backend
          .sparse()
          .spmmTransposed(weights.transposed().orElseThrow(), pixels, result, Epilogue.NONE);
    }
    assertResult(30, 41, 0, 3);
  }

  @Test
  void sddmm() {
    Tensor dy = tensor(1, 10, 0, 100, 1000, 0, 0, 0, 0);
    DeviceBuffer gradient = memory.allocate(ElementType.FLOAT32, 2);
    DeviceBuffer bias = memory.allocate(ElementType.FLOAT32, 1);
    backend.sparse().sddmm(csr, pixels, dy, gradient, bias);
    assertArrayEquals(new float[] {2100, 402}, memory.floats(gradient, 2));
    assertArrayEquals(new float[] {1111}, memory.floats(bias, 1));
  }

  @Test
  void gemmGradient() {
    Tensor dy = tensor(1, 10, 0, 100, 1000, 0, 0, 0, 0);
    DeviceBuffer gradient = memory.allocate(ElementType.FLOAT32, 9);
    backend.dense().gemmGradient(taps, pixels, dy, gradient);
    float[] expected = {1000, 2100, 200, 3010, 4321, 402, 30, 43, 4};
    assertArrayEquals(expected, memory.floats(gradient, 9));
  }
}
