/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.espalier.backend.Memory;
import org.espalier.backend.SgdRule;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fused step changes weights by the very bits that its three operations apart do. */
class FusedStepTest {

  private static final int ROWS = 90;
  private static final int NNZ = 6001;
  private static final ValueRule INITIAL = new ValueRule(ValueRule.Kind.NORMAL, 0.3f);

  private final VectorBackend backend = new VectorBackend(2);
  private final Memory memory = backend.memory();

  @ParameterizedTest
  @CsvSource({
    "110,100,0,false",
    "110,100,0.9,false",
    "110,100,0.9,true",
    "110,300,0.9,false",
    "900,100,0.9,false",
    "900,300,0.9,true"
  })
  void isTheSameAsSddmmThenSgdThenSync(
      int columns, int positions, float momentum, boolean nesterov) {
    SgdRule rule = new SgdRule(momentum, nesterov, 1e-3f);
    Tensor x = tensor(columns, positions, 1);
    Tensor dy = tensor(ROWS, positions, 2);
    try (SparseWeights fused = weights(columns);
        SparseWeights apart = weights(columns);
        DeviceBuffer bias = memory.allocate(ElementType.FLOAT32, ROWS);
        DeviceBuffer biasApart = memory.allocate(ElementType.FLOAT32, ROWS);
        DeviceBuffer gradient = memory.allocate(ElementType.FLOAT32, NNZ)) {
      for (int step = 0; step < 3; step++) {
        DeviceBuffer velocity = momentum == 0 ? null : fused.state().get(0);
        backend.sparse().sddmmSgd(fused, x, dy, velocity, bias, rule, 0.1f);
        backend.sparse().sddmm(apart.csr(), x, dy, gradient, biasApart);
        velocity = momentum == 0 ? null : apart.state().get(0);
        var updates = backend.updates();
        updates.sgd(apart.csr().values(), gradient, velocity, NNZ, rule, 0.1f, 1);
        updates.syncTransposed(apart);
      }
      assertSame(apart.csr().values(), fused.csr().values(), NNZ);
      assertSame(apart.state().get(0), fused.state().get(0), NNZ);
      assertSame(copiedValues(apart), copiedValues(fused), NNZ);
      assertSame(biasApart, bias, ROWS);
    }
  }

  private static DeviceBuffer copiedValues(SparseWeights weights) {
    return weights.transposed().orElseThrow().csr().values();
  }

  private SparseWeights weights(int columns) {
    var csr = backend.topology().random(ROWS, columns, NNZ, 5, INITIAL, 6);
    SparseWeights weights = new SparseWeights("layer", csr, INITIAL);
    weights.addState(memory.allocate(ElementType.FLOAT32, NNZ));
    weights.setTransposed(backend.topology().transpose(csr));
    return weights;
  }

  private Tensor tensor(int rows, int positions, long key) {
    int stride = Tensor.strideFor(positions);
    float[] values = new float[rows * stride];
    for (int i = 0; i < values.length; i++) {
      values[i] = INITIAL.valueAt(Keys.of(key), i);
    }
    return new Tensor(memory.of(values), 0, rows, positions, stride);
  }

  private void assertSame(DeviceBuffer expected, DeviceBuffer actual, int count) {
    assertArrayEquals(memory.floats(expected, count), memory.floats(actual, count));
  }
}
