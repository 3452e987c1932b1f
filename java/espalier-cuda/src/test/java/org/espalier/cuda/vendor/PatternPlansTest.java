/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;

/**
 * What is kept for a pattern, and when it goes; the stub cannot be closed while anything is left.
 */
class PatternPlansTest {

  /** A diagonal pattern of two rows with tensors of one position. */
  private static final class Small implements AutoCloseable {

    final Backend backend;
    final Memory memory;
    final Tensor x;
    final Tensor y;
    CsrMatrix weights;

    Small(Backend backend) {
      this.backend = backend;
      this.memory = backend.memory();
      float[] in = new float[2 * Tensor.ROW_ALIGNMENT];
      in[0] = 3;
      in[Tensor.ROW_ALIGNMENT] = 5;
      x = new Tensor(memory.of(in), 0, 2, 1, Tensor.ROW_ALIGNMENT);
      DeviceBuffer out = memory.allocate(ElementType.FLOAT32, in.length);
      y = new Tensor(out, 0, 2, 1, Tensor.ROW_ALIGNMENT);
      weights = diagonal(1, 10);
    }

    CsrMatrix diagonal(float... values) {
      return new CsrMatrix(
          2, 2, 2, memory.of(new int[] {0, 1, 2}), memory.of(new int[] {0, 1}), memory.of(values));
    }

    float[] product() {
      backend.sparse().spmm(weights, null, x, y, Epilogue.NONE);
      float[] all = memory.floats(y.buffer(), 2 * Tensor.ROW_ALIGNMENT);
      return new float[] {all[0], all[Tensor.ROW_ALIGNMENT]};
    }

    @Override
    public void close() {
      weights.close();
      x.buffer().close();
      y.buffer().close();
    }
  }

  @Test
  void aPatternThatIsClosedTakesItsPlansAlong() {
    try (Backend backend = CusparseStub.open(SpmmAlgorithm.CSR_ALG3)) {
      long before = backend.memory().liveBuffers();
      try (Small small = new Small(backend)) {
        assertArrayEquals(new float[] {3, 50}, small.product());
        assertEquals(before + 5 + 1, backend.memory().liveBuffers()); // and a buffer of the plan
        assertArrayEquals(new float[] {3, 50}, small.product());
        assertEquals(before + 5 + 1, backend.memory().liveBuffers());
      }
      assertEquals(before, backend.memory().liveBuffers());
    }
  }

  @Test
  void plansAreMadeAnewWhenThePatternIsAnother() {
    try (Backend backend = CusparseStub.open(SpmmAlgorithm.CSR_ALG3);
        Small small = new Small(backend)) {
      assertArrayEquals(new float[] {3, 50}, small.product());
      long live = backend.memory().liveBuffers();
      backend.memory().upload(new int[] {1, 0}, 0, small.weights.column(), 0, 2);
      assertEquals(live - 1, backend.memory().liveBuffers());
      assertArrayEquals(new float[] {5, 30}, small.product());
      CsrMatrix old = small.weights; // another matrix over the same column array
      CsrMatrix other = small.diagonal(1, 10);
      small.weights =
          new CsrMatrix(
              2, 2, 1, backend.memory().of(new int[] {0, 0, 1}), old.column(), old.values());
      assertArrayEquals(new float[] {0, 5}, small.product());
      small.weights.rowStart().close();
      small.weights = old;
      assertArrayEquals(new float[] {5, 30}, small.product());
      other.close();
    }
  }

  @Test
  void valuesMayMoveWithoutNewPlans() {
    try (Backend backend = CusparseStub.open(SpmmAlgorithm.CSR_ALG3);
        Small small = new Small(backend)) {
      small.product();
      long live = backend.memory().liveBuffers();
      CsrMatrix old = small.weights;
      DeviceBuffer values = backend.memory().of(new float[] {2, 4});
      small.weights = new CsrMatrix(2, 2, 2, old.rowStart(), old.column(), values);
      assertArrayEquals(new float[] {6, 20}, small.product());
      assertEquals(live + 1, backend.memory().liveBuffers());
      values.close();
      assertThrows(IllegalStateException.class, small::product);
      small.weights = old;
    }
  }

  @Test
  void whatWasAskedBeforeComesFirstAndShapesAreChecked() {
    try (Backend backend = CusparseStub.open(SpmmAlgorithm.CSR_ALG2);
        Small small = new Small(backend)) {
      backend.memory().fill(small.x.buffer(), 0, small.x.buffer().length(), 7);
      assertArrayEquals(new float[] {7, 70}, small.product());
      Tensor narrow = new Tensor(small.x.buffer(), 0, 1, 1, Tensor.ROW_ALIGNMENT);
      IllegalArgumentException told =
          assertThrows(
              IllegalArgumentException.class,
              () -> backend.sparse().spmm(small.weights, null, narrow, small.y, Epilogue.NONE));
      assertTrue(told.getMessage().contains("1 x 1"), told.getMessage());
    }
  }

  @Test
  void theBackendSaysWhatMultiplies() {
    try (Backend backend = CusparseStub.open(SpmmAlgorithm.CSR_ALG2)) {
      assertTrue(
          backend.description().endsWith("sparse products by cuSPARSE 12.3.9, csr-alg2"),
          backend.description());
      assertEquals("cusparse", backend.name());
    }
    assertEquals(
        "[csr-alg2, csr-alg3]",
        Arrays.stream(SpmmAlgorithm.values()).map(SpmmAlgorithm::title).toList().toString());
  }
}
