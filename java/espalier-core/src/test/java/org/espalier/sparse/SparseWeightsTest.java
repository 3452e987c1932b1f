/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.espalier.backend.Memory;
import org.espalier.backend.host.HostMemory;
import org.espalier.tensor.DeviceBuffer;
import org.junit.jupiter.api.Test;

class SparseWeightsTest {

  private final Memory memory = new HostMemory();

  @Test
  void closingGivesBackMatrixCopyAndState() {
    SparseWeights weights = weights(3);
    weights.addState(memory.of(new float[3]));
    weights.setTransposed(new TransposedCopy(csr(3), memory.of(new int[3])));
    weights.close();
    assertEquals(0, memory.liveBuffers());
  }

  @Test
  void replacingClosesWhatWasThereAndDropsTheCopy() {
    SparseWeights weights = weights(3);
    weights.addState(memory.of(new float[3]));
    weights.setTransposed(new TransposedCopy(csr(3), memory.of(new int[3])));
    DeviceBuffer state = memory.of(new float[5]);
    weights.replace(csr(5), List.of(state));
    assertEquals(5, weights.csr().nnz());
    assertEquals(List.of(state), weights.state());
    assertTrue(weights.transposed().isEmpty());
    assertEquals(4, memory.liveBuffers());
    weights.close();
    assertEquals(0, memory.liveBuffers());
  }

  @Test
  void aNewTransposedCopyClosesTheOneBefore() {
    SparseWeights weights = weights(2);
    weights.setTransposed(new TransposedCopy(csr(2), memory.of(new int[2])));
    weights.setTransposed(new TransposedCopy(csr(2), memory.of(new int[2])));
    assertEquals(3 + 4, memory.liveBuffers());
    weights.close();
    assertEquals(0, memory.liveBuffers());
  }

  @Test
  void stateThatIsTooShortIsRefused() {
    SparseWeights weights = weights(3);
    DeviceBuffer small = memory.of(new float[2]);
    assertThrows(IllegalArgumentException.class, () -> weights.addState(small));
  }

  @Test
  void replacingNeedsAsManyStateArraysAsBefore() {
    SparseWeights weights = weights(3);
    CsrMatrix other = csr(3);
    List<DeviceBuffer> states = List.of(memory.of(new float[3]));
    assertThrows(IllegalArgumentException.class, () -> weights.replace(other, states));
    assertEquals(3, weights.csr().nnz());
  }

  @Test
  void densityIsConnectionsOverCells() {
    assertEquals(3.0 / 20, csr(3).density());
    CsrMatrix huge = new CsrMatrix(100_000, 100_000, 1_000_000, null, null, null);
    assertEquals(1e-4, huge.density());
  }

  private SparseWeights weights(int nnz) {
    return new SparseWeights("layer", csr(nnz), ValueRule.ZEROS);
  }

  private CsrMatrix csr(int nnz) {
    return new CsrMatrix(
        4, 5, nnz, memory.of(new int[5]), memory.of(new int[nnz]), memory.of(new float[nnz]));
  }
}
