/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.DenseParameter;
import org.espalier.nn.Parameter;
import org.espalier.nn.SparseParameter;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Steps worked out by hand: weight 1, gradient 0.5 scaled by 0.5, rate 0.1. */
class SgdTest {

  private final ScalarBackend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  /** Returns the weight after each of as many steps as there are numbers expected. */
  private void assertSteps(Sgd sgd, boolean decays, double... expected) {
    try (Parameter parameter = new DenseParameter(backend, "w", new float[] {1}, decays)) {
      for (int i = 0; i < sgd.stateArrays(); i++) {
        parameter.addState();
      }
      backend.memory().fill(parameter.gradient(), 0, 1, 0.5f);
      for (double weight : expected) {
        sgd.step(backend.updates(), parameter, 0.1, 0.5);
        assertEquals(weight, backend.memory().floats(parameter.values(), 1)[0], 1e-6);
      }
    }
  }

  @Test
  void withoutMomentum() {
    assertEquals(0, new Sgd(0, false, 0).stateArrays());
    assertSteps(new Sgd(0, false, 0), true, 0.975, 0.95, 0.925);
  }

  @Test
  void weightDecayIsAddedToTheGradient() {
    assertSteps(new Sgd(0, false, 0.1f), true, 0.965, 0.93035);
  }

  @Test
  void momentumWithWeightDecay() {
    assertEquals(1, new Sgd(0.9f, false, 0.1f).stateArrays());
    assertSteps(new Sgd(0.9f, false, 0.1f), true, 0.965, 0.89885);
  }

  @Test
  void nesterovWithWeightDecay() {
    assertSteps(new Sgd(0.9f, true, 0.1f), true, 0.9335, 0.8399135);
  }

  @Test
  void biasesDoNotDecay() {
    assertSteps(new Sgd(0.9f, false, 0.1f), false, 0.975, 0.9275);
    assertSteps(new Sgd(0.9f, true, 0.1f), false, 0.9525, 0.88475);
  }

  @Test
  void transposedCopyFollowsTheWeights() {
    ValueRule initial = new ValueRule(ValueRule.Kind.UNIFORM, 1);
    CsrMatrix csr = backend.topology().random(6, 5, 12, 1, initial, 2);
    try (SparseParameter parameter =
        new SparseParameter(backend, "w", new SparseWeights("layer", csr, initial))) {
      parameter.addState();
      parameter.weights().setTransposed(backend.topology().transpose(csr));
      backend.memory().fill(parameter.gradient(), 0, 12, 0.5f);
      new Sgd(0.9f, false, 0.1f).step(backend.updates(), parameter, 0.1, 0.5);
      float[] values = backend.memory().floats(parameter.values(), 12);
      CsrMatrix transposed = parameter.weights().transposed().orElseThrow().csr();
      float[] copy = backend.memory().floats(transposed.values(), 12);
      Arrays.sort(values);
      Arrays.sort(copy);
      assertArrayEquals(values, copy);
    }
  }

  @Test
  void numbersOutsideOfTheirRangeAreRefused() {
    for (float momentum : new float[] {-0.1f, 1, Float.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new Sgd(momentum, false, 0));
    }
    for (float decay : new float[] {-0.1f, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new Sgd(0.9f, false, decay));
    }
  }
}
