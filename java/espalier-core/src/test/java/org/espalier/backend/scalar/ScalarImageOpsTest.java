/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.espalier.backend.Epilogue;
import org.espalier.backend.ImageOps;
import org.espalier.backend.Memory;
import org.espalier.backend.Normalization;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The reference itself, against what one computes by hand. */
class ScalarImageOpsTest {

  private static final float NAN = Float.NaN;

  private final ScalarBackend backend = new ScalarBackend();
  private final ImageOps ops = backend.images();
  private final Memory memory = backend.memory();

  private Tensor tensor(int rows, float... values) {
    int positions = values.length / rows;
    return new Tensor(memory.of(values), 0, rows, positions, positions);
  }

  private DeviceBuffer array(float... values) {
    return memory.of(values);
  }

  private Tensor blank(int rows, ImageGrid grid, int images) {
    float[] values = new float[rows * grid.positions(images)];
    Arrays.fill(values, NAN);
    return tensor(rows, values);
  }

  private void assertHolds(Tensor tensor, float... expected) {
    assertArrayEquals(expected, memory.floats(tensor.buffer(), expected.length), 1e-6f);
  }

  private void assertHolds(DeviceBuffer buffer, float... expected) {
    assertArrayEquals(expected, memory.floats(buffer, expected.length), 1e-5f);
  }

  @Test
  void featuresOfSamplesBecomeLinesOfImages() {
    ImageGrid grid = new ImageGrid(2, 2, 3, 3);
    Tensor features = tensor(4, 1, 5, 2, 6, 3, 7, 4, 8); // of two samples
    Tensor images = blank(1, grid, 2);
    ops.toImages(features, images, grid);
    assertHolds(images, 1, 2, 0, 3, 4, 0, 0, 0, 0, 5, 6, 0, 7, 8, 0, 0, 0, 0);
    Tensor back = tensor(4, new float[8]);
    ops.toFeatures(images, grid, back);
    assertHolds(back, 1, 5, 2, 6, 3, 7, 4, 8);
  }

  @Test
  void whatIsNoPixelIsNeitherReadNorLeftAsItWas() {
    ImageGrid from = new ImageGrid(1, 2, 1, 3);
    ImageGrid to = new ImageGrid(1, 2, 2, 2);
    Tensor x = tensor(1, 1, -2, NAN);
    Tensor y = blank(1, to, 1);
    ops.copy(x, from, y, to);
    assertHolds(y, 1, -2, 0, 0);
    Tensor b = tensor(1, 5, -1, NAN, NAN);
    ops.add(x, from, b, to, Epilogue.NONE, y, to);
    assertHolds(y, 6, -3, 0, 0);
    ops.add(x, from, b, to, Epilogue.RELU, b, to);
    assertHolds(b, 6, 0, 0, 0);
  }

  @Test
  void splittingTakesEveryOtherPixelAndJoiningPutsThemBack() {
    Taps taps = Taps.of(new Kernel(2, 2, 2, 0), 3, 3, 0, 0);
    ImageGrid grid = ImageGrid.dense(3, 3);
    Tensor phases = blank(4, taps.input(), 1);
    ops.split(tensor(1, 1, 2, 3, 4, 5, 6, 7, 8, 9), grid, 2, taps, phases);
    assertHolds(phases, 1, 3, 7, 9, 2, 0, 8, 0, 4, 6, 0, 0, 5, 0, 0, 0);
    Tensor back = blank(1, grid, 1);
    ops.join(phases, taps, 2, back, grid);
    assertHolds(back, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void pixelsThatNoTapReadsBecomeZeroWhenJoined() {
    Taps taps = Taps.of(new Kernel(1, 1, 2, 0), 3, 3, 0, 0);
    Tensor back = blank(1, ImageGrid.dense(3, 3), 1);
    ops.join(tensor(1, 1, 2, 3, 4), taps, 2, back, ImageGrid.dense(3, 3));
    assertHolds(back, 1, 0, 2, 0, 0, 0, 3, 0, 4);
  }

  @Test
  void theLargestPixelOfAWindowGetsItsGradientTheFirstOfSeveral() {
    Kernel window = new Kernel(2, 2, 1, 0);
    ImageGrid from = ImageGrid.dense(2, 3);
    ImageGrid to = ImageGrid.dense(1, 2);
    Tensor x = tensor(1, -1, 4, 4, 4, -3, -5);
    Tensor y = blank(1, to, 1);
    ops.maxPool(window, x, from, y, to);
    assertHolds(y, 4, 4);
    Tensor dx = blank(1, from, 1);
    ops.maxPoolGradient(window, x, from, tensor(1, 10, 1), to, dx);
    assertHolds(dx, 0, 11, 0, 0, 0, 0);
  }

  @Test
  void paddingNeverIsTheLargestButCountsInMeans() {
    Kernel window = new Kernel(2, 2, 2, 1);
    ImageGrid from = ImageGrid.dense(2, 2);
    Tensor x = tensor(1, -1, -2, -3, -8);
    Tensor y = blank(1, from, 1);
    ops.maxPool(window, x, from, y, from);
    assertHolds(y, -1, -2, -3, -8);
    ops.averagePool(window, x, from, y, from);
    assertHolds(y, -0.25f, -0.5f, -0.75f, -2);
    Tensor dx = blank(1, from, 1);
    ops.averagePoolGradient(window, tensor(1, 4, 8, 12, 16), from, dx, from);
    assertHolds(dx, 1, 2, 3, 4);
  }

  @Test
  void aRowIsNormalisedWithTheMeanAndDeviationOfItsPixels() {
    ImageGrid grid = new ImageGrid(1, 2, 1, 3);
    Normalization rule = new Normalization(1e-12f, 0.25f);
    Tensor x = tensor(1, 1, 3, NAN, 5, 7, NAN); // mean 4, variance 5, of a sample 20 / 3
    Tensor y = blank(1, grid, 2);
    DeviceBuffer running = array(8f, 4f);
    DeviceBuffer saved = array(0f, 0f);
    ops.normalize(rule, array(2f, 1f), running, saved, x, grid, true, y, grid);
    float step = (float) (2 / Math.sqrt(5));
    assertHolds(y, 0, 1 - step, 0, 1 + step, 1 + 3 * step, 0);
    assertHolds(saved, 4, step / 2);
    assertHolds(running, 7, 3 + 5 / 3f);
    ops.normalizeFixed(rule, array(2f, 1f), array(3f, 4f), x, grid, false, y, grid);
    assertHolds(y, -1, 1, 0, 3, 5, 0);
  }

  /** The pixels are as if normalised already. */
  @Test
  void theGradientOfNormalisationLosesItsMeanAndItsShareAlongTheOutput() {
    ImageGrid grid = ImageGrid.dense(1, 4);
    Tensor x = tensor(1, -1, -1, 1, 1);
    Tensor dy = tensor(1, 1, 3, 5, 11);
    Tensor dx = blank(1, grid, 1);
    DeviceBuffer gradient = array(0f, 0f);
    DeviceBuffer saved = array(0f, 1f);
    ops.normalizeGradient(array(2f, 0f), saved, x, grid, false, dy, grid, dx, gradient);
    assertHolds(gradient, 12, 20);
    assertHolds(dx, -2, 2, -6, 6); // 2 * (dy - 5 - 3 x)
    ops.normalizeGradient(array(2f, 0f), saved, x, grid, true, dy, grid, dx, gradient);
    assertHolds(gradient, 16, 16); // only the last two are left
    assertHolds(dx, 0, 0, -6, 6);
  }
}
