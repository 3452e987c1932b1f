/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.espalier.backend.Memory;
import org.espalier.backend.PruneScore;
import org.espalier.backend.PruneScore.Kind;
import org.espalier.backend.TopologyOps;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.junit.jupiter.api.Test;

/** What is refused; the catalogue of conformance has the results. */
class CudaTopologyTest {

  @Test
  void scoresThatMissSomethingAreRefusedAndLeaveNoTrace() {
    try (CudaBackend backend = Emulated.open()) {
      Memory memory = backend.memory();
      TopologyOps topology = backend.topology();
      PruneScore taylor = PruneScore.of(Kind.TAYLOR);
      try (CsrMatrix weights =
              new CsrMatrix(
                  1,
                  3,
                  2,
                  memory.of(new int[] {0, 2}),
                  memory.of(new int[] {0, 2}),
                  memory.of(new float[] {-3, 4}));
          DeviceBuffer gradient = memory.of(new float[] {2, -0.5f});
          DeviceBuffer one = memory.of(new float[1]);
          DeviceBuffer scores = memory.allocate(ElementType.FLOAT32, 2)) {
        assertEquals(
            "a score by TAYLOR without a gradient",
            assertThrows(
                    IllegalArgumentException.class,
                    () -> topology.score(taylor, weights, null, 0, scores))
                .getMessage());
        assertThrows(
            IndexOutOfBoundsException.class, () -> topology.score(taylor, weights, one, 0, scores));
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> topology.score(taylor, weights, gradient, 0, one));
        assertThrows(IndexOutOfBoundsException.class, () -> topology.sumOfMagnitudes(scores, 3));
        assertThrows(IllegalArgumentException.class, () -> topology.positions(weights, scores));
        assertThrows(IllegalArgumentException.class, () -> topology.countKept(scores, 2));

        topology.score(taylor, weights, gradient, 0, scores);
        assertArrayEquals(new float[] {6, 2}, memory.floats(scores, 2));
        assertEquals(7, topology.sumOfMagnitudes(weights.values(), 2));
      }
    }
  }
}
