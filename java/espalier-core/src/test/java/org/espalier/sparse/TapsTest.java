/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.espalier.sparse.Taps.Phase;
import org.espalier.tensor.ImageGrid;
import org.junit.jupiter.api.Test;

class TapsTest {

  private static List<Integer> shifts(Taps taps) {
    return IntStream.range(0, taps.count()).mapToObj(taps::shift).toList();
  }

  @Test
  void aKernelOfThreeSharesOneColumnAndOneLineOfZeros() {
    Taps taps = Taps.of(Kernel.same(3, 1), 4, 5, 0, 0);
    assertEquals(new ImageGrid(4, 5, 5, 6), taps.input());
    assertEquals(taps.input(), taps.output());
    assertEquals(List.of(-7, -6, -5, -1, 0, 1, 5, 6, 7), shifts(taps));
    assertEquals(7, taps.reach());
  }

  @Test
  void aStrideReadsPhasesByOffsets() {
    Taps taps = Taps.of(Kernel.same(3, 2), 7, 8, 0, 0);
    assertEquals(
        List.of(new Phase(0, 0), new Phase(0, 1), new Phase(1, 0), new Phase(1, 1)), taps.phases());
    assertEquals(new ImageGrid(4, 4, 5, 5), taps.output());
    assertEquals(List.of(0, -1, 0, -5, 0, -6, -5, -1, 0), shifts(taps));
    assertEquals(List.of(0, 1, 3, 5, 9), IntStream.range(0, 5).mapToObj(taps::firstTap).toList());
    // row 1 of the second channel, by the tap at the middle left of the kernel
    assertEquals(1 * 4 + 1, taps.row(1 * 9 + 1));
    assertEquals(1, taps.kernelY(1));
    assertEquals(0, taps.kernelX(1));
  }

  @Test
  void phasesThatNoTapReadsAreLeftOut() {
    Taps taps = Taps.of(new Kernel(1, 1, 2, 0), 8, 8, 0, 0);
    assertEquals(List.of(new Phase(0, 0)), taps.phases());
    assertTrue(taps.output().isDense());
  }

  @Test
  void withoutPaddingTheOutputIsSmallerInTheSameLines() {
    Taps taps = Taps.of(new Kernel(5, 5, 1, 0), 9, 8, 0, 0);
    assertEquals(new ImageGrid(9, 8, 9, 8), taps.input());
    assertEquals(new ImageGrid(5, 4, 9, 8), taps.output());
  }

  @Test
  void everyTapReadsThePixelThatTheKernelSays() {
    for (int stride = 1; stride <= 3; stride++) {
      for (int size = 1; size <= 5; size++) {
        for (int padding = 0; padding <= 2; padding++) {
          check(new Kernel(size, 6 - size, stride, padding), 7, 6);
        }
      }
    }
  }

  private static void check(Kernel kernel, int height, int width) {
    Taps taps = Taps.of(kernel, height, width, 0, 0);
    ImageGrid in = taps.input();
    for (int y = 0; y < taps.output().height(); y++) {
      for (int x = 0; x < taps.output().width(); x++) {
        for (int t = 0; t < taps.count(); t++) {
          int wantY = y * kernel.stride() + taps.kernelY(t) - kernel.padding();
          int wantX = x * kernel.stride() + taps.kernelX(t) - kernel.padding();
          boolean pixel = wantY >= 0 && wantY < height && wantX >= 0 && wantX < width;
          // the second of three images, so that neighbours are on both sides
          int image = in.positionsOfImage();
          int position = image + y * in.pitch() + x + taps.shift(t);
          Phase phase = taps.phases().get(taps.phase(t));
          int inImage = Math.floorMod(position, image);
          int readY = inImage / in.pitch() * kernel.stride() + phase.y();
          int readX = inImage % in.pitch() * kernel.stride() + phase.x();
          boolean there =
              position / image == 1 && in.isPixel(position) && readY < height && readX < width;
          String tap = kernel + " tap " + t + " at " + y + "," + x;
          assertEquals(pixel, there, tap);
          if (pixel) {
            assertEquals(wantY * width + wantX, readY * width + readX, tap);
          }
        }
      }
    }
  }

  @Test
  void aKernelLargerThanTheImageIsRefused() {
    Kernel kernel = new Kernel(5, 5, 1, 0);
    assertThrows(IllegalArgumentException.class, () -> Taps.of(kernel, 4, 9, 0, 0));
  }

  @Test
  void noKernelReadsThePositionItself() {
    assertTrue(Taps.NONE.isNone());
    assertFalse(Taps.of(Kernel.same(1, 1), 2, 2, 0, 0).isNone());
    assertEquals(List.of(0), shifts(Taps.NONE));
    assertEquals(5, Taps.NONE.row(5));
  }
}
