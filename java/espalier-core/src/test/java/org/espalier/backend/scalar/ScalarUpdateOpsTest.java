/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.espalier.backend.Memory;
import org.espalier.backend.SgdRule;
import org.espalier.tensor.DeviceBuffer;
import org.junit.jupiter.api.Test;

/** Optimizer steps worked out by hand. */
class ScalarUpdateOpsTest {

  private record Step(float learningRate, float gradientScale, SgdRule rule) {}

  private final ScalarBackend backend = new ScalarBackend();
  private final Memory memory = backend.memory();

  @Test
  void plainStep() {
    DeviceBuffer values = memory.of(new float[] {1, -2});
    sgd(values, null, new Step(0.5f, 1, new SgdRule(0, false, 0)), 4, 8);
    assertValues(values, -1, -6);
  }

  @Test
  void scaleComesBeforeDecay() {
    // g' = 0.25 * 4 + 0.5 * 2 = 2, and 0.25 * 8 + 0.5 * -2 = 1
    DeviceBuffer values = memory.of(new float[] {2, -2});
    sgd(values, null, new Step(0.5f, 0.25f, new SgdRule(0, false, 0.5f)), 4, 8);
    assertValues(values, 1, -2.5f);
  }

  @Test
  void momentumOverTwoSteps() {
    DeviceBuffer values = memory.of(new float[] {1});
    DeviceBuffer velocity = memory.of(new float[] {0});
    Step step = new Step(0.25f, 1, new SgdRule(0.5f, false, 0));
    sgd(values, velocity, step, 4); // v = 4, w = 1 - 1
    assertValues(values, 0);
    assertValues(velocity, 4);
    sgd(values, velocity, step, 2); // v = 2 + 2, w = 0 - 1
    assertValues(values, -1);
    assertValues(velocity, 4);
  }

  @Test
  void nesterovOverTwoSteps() {
    DeviceBuffer values = memory.of(new float[] {1});
    DeviceBuffer velocity = memory.of(new float[] {0});
    Step step = new Step(0.25f, 1, new SgdRule(0.5f, true, 0));
    sgd(values, velocity, step, 4); // v = 4, w = 1 - 0.25 * (4 + 2)
    assertValues(values, -0.5f);
    assertValues(velocity, 4);
    sgd(values, velocity, step, 2); // v = 4, w = -0.5 - 0.25 * (2 + 2)
    assertValues(values, -1.5f);
    assertValues(velocity, 4);
  }

  @Test
  void decayEntersTheVelocity() {
    DeviceBuffer values = memory.of(new float[] {4});
    DeviceBuffer velocity = memory.of(new float[] {2});
    // g' = 1 + 0.25 * 4 = 2, v = 0.5 * 2 + 2 = 3, w = 4 - 3
    sgd(values, velocity, new Step(1, 1, new SgdRule(0.5f, false, 0.25f)), 1);
    assertValues(values, 1);
    assertValues(velocity, 3);
  }

  @Test
  void onlyTheFirstElementsChange() {
    DeviceBuffer values = memory.of(new float[] {1, 2, 3});
    DeviceBuffer velocity = memory.of(new float[] {4, 5, 6});
    DeviceBuffer gradient = memory.of(new float[] {1, 1, 1});
    backend.updates().sgd(values, gradient, velocity, 2, new SgdRule(1, false, 0), 1, 1);
    assertValues(values, -4, -4, 3);
    assertValues(velocity, 5, 6, 6);
    assertValues(gradient, 1, 1, 1);
  }

  @Test
  void sumOfSquaresKeepsDoublePrecision() {
    DeviceBuffer values = memory.of(new float[] {3, -4, 0x1p-20f, 100});
    assertEquals(25 + 0x1p-40, backend.updates().sumOfSquares(values, 3));
    assertEquals(0, backend.updates().sumOfSquares(values, 0));
    DeviceBuffer large = memory.of(new float[] {3e38f, 3e38f});
    assertEquals(1.8e77, backend.updates().sumOfSquares(large, 2), 1e71);
  }

  private void sgd(DeviceBuffer values, DeviceBuffer velocity, Step step, float... gradient) {
    backend
        .updates()
        .sgd(
            values,
            memory.of(gradient),
            velocity,
            gradient.length,
            step.rule(),
            step.learningRate(),
            step.gradientScale());
  }

  private void assertValues(DeviceBuffer buffer, float... expected) {
    assertArrayEquals(expected, memory.floats(buffer, expected.length));
  }
}
