/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.TreeSet;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.Keys;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradient growth of convolutions against gradients that are summed over the pixels alone. */
class GrowGradientTapsTest {

  private final HostMemory memory = new HostMemory();

  /** Pixels of images: of channel c, image n, line y and column x. */
  private record Images(float[][][][] pixel) {

    static Images random(int channels, int images, int height, int width, long key) {
      float[][][][] pixel = new float[channels][images][height][width];
      int drawn = 0;
      for (float[][][] channel : pixel) {
        for (float[][] image : channel) {
          for (float[] line : image) {
            for (int x = 0; x < width; x++) {
              line[x] = (Keys.hash(key, drawn++) >> 40) * 0x1p-23f;
            }
          }
        }
      }
      return new Images(pixel);
    }

    /** Returns the pixel, or zero outside the image. */
    float at(int channel, int image, int y, int x) {
      float[][] lines = pixel[channel][image];
      return y >= 0 && y < lines.length && x >= 0 && x < lines[y].length ? lines[y][x] : 0;
    }

    int images() {
      return pixel[0].length;
    }
  }

  @Test
  void theTapsOfOneImageByHand() {
    Taps taps = Taps.of(Kernel.same(3, 1), 2, 2, 0, 0);
    Images x = new Images(new float[][][][] {{{{1, 2}, {3, 4}}}});
    Images dy = new Images(new float[][][][] {{{{1, 10}, {100, 1000}}}});
    // 1000 2100 200, 3010 4321 402, 30 43 4
    assertArrayEquals(new long[] {1, 3, 4}, grown(taps, 1, x, dy, new int[0], 3));
    assertArrayEquals(new long[] {0, 1, 3}, grown(taps, 1, x, dy, new int[] {4}, 3));
    assertArrayEquals(new long[] {0, 1, 2, 3, 4, 5, 6, 7}, grown(taps, 1, x, dy, new int[0], 8));
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3, 1, 1, 1, 1, 1",
    "3, 3, 1, 1, 6, 5, 4",
    "3, 3, 1, 1, 13, 2, 2",
    "3, 3, 2, 1, 8, 8, 3",
    "3, 3, 2, 1, 7, 9, 2",
    "1, 1, 2, 0, 5, 6, 3",
    "7, 7, 2, 3, 9, 10, 2",
    "5, 5, 1, 0, 7, 8, 3",
    "2, 3, 3, 1, 8, 7, 2"
  })
  void agreesWithSumsOverThePixelsAlone(
      int kernelHeight,
      int kernelWidth,
      int stride,
      int padding,
      int height,
      int width,
      int images) {
    Kernel kernel = new Kernel(kernelHeight, kernelWidth, stride, padding);
    int channels = 40;
    int rows = 7;
    Taps taps = Taps.of(kernel, height, width, 0, 0);
    Images x = Images.random(channels, images, height, width, 1);
    Images dy = Images.random(rows, images, taps.output().height(), taps.output().width(), 2);
    int columns = channels * taps.count();
    int[] connections = {0, 1, columns - 1, columns, 3 * columns + 17, rows * columns - 2};
    TreeSet<Long> taken = new TreeSet<>();
    Arrays.stream(connections).forEach(cell -> taken.add((long) cell));
    float[][] read = new float[columns][];
    for (int c = 0; c < columns; c++) {
      read[c] = read(kernel, taps, x, c);
    }
    float[][] out = new float[rows][];
    for (int r = 0; r < rows; r++) {
      out[r] = flat(dy.pixel[r]);
    }
    int free = rows * columns - connections.length;
    for (int count : new int[] {1, free / 7, free / 2, free - 1}) {
      long[] expected = PlainTopology.growGradient(read, out, taken, count);
      assertArrayEquals(expected, grown(taps, stride, x, dy, connections, count));
    }
  }

  /** Returns what a column reads for each output pixel, by the definition of a convolution. */
  private static float[] read(Kernel kernel, Taps taps, Images x, int column) {
    int tap = column % taps.count();
    float[][][] read = new float[x.images()][taps.output().height()][taps.output().width()];
    for (int n = 0; n < read.length; n++) {
      for (int i = 0; i < read[n].length; i++) {
        for (int j = 0; j < read[n][i].length; j++) {
          int line = i * kernel.stride() + taps.kernelY(tap) - kernel.padding();
          int at = j * kernel.stride() + taps.kernelX(tap) - kernel.padding();
          read[n][i][j] = x.at(column / taps.count(), n, line, at);
        }
      }
    }
    return flat(read);
  }

  private static float[] flat(float[][][] images) {
    int lines = images[0].length;
    int width = images[0][0].length;
    float[] flat = new float[images.length * lines * width];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = images[i / (lines * width)][i / width % lines][i % width];
    }
    return flat;
  }

  @Test
  void anInputOfWholeImagesInPlaceOfPhasesIsRefused() {
    Taps taps = Taps.of(Kernel.same(3, 2), 4, 4, 0, 0);
    Tensor x = tensor(Images.random(3, 1, 4, 4, 1), taps.input(), 1, Taps.NONE, 1);
    Tensor dy = tensor(Images.random(1, 1, 2, 2, 2), taps.output(), 1, Taps.NONE, 1);
    try (WorkerPool pool = new WorkerPool(1)) {
      HostTopology topology = new HostTopology(memory, pool);
      CsrMatrix csr = csr(1, 27, new int[0], taps);
      DeviceBuffer flags = memory.of(new int[0]);
      DeviceBuffer positions = memory.allocate(ElementType.INT64, 1);
      assertThrows(
          IllegalArgumentException.class,
          () -> topology.growGradient(csr, flags, x, dy, 1, positions));
    }
  }

  /** Grows with teams of two sizes, which have to agree; all connections stay. */
  private long[] grown(Taps taps, int step, Images x, Images dy, int[] connections, int count) {
    int channels = x.pixel.length;
    Tensor in = tensor(x, taps.input(), taps.reach(), taps, step);
    Tensor out = tensor(dy, taps.output(), taps.reach(), Taps.NONE, 1);
    CsrMatrix csr = csr(out.rows(), channels * taps.count(), connections, taps);
    int[] keep = new int[connections.length];
    Arrays.fill(keep, 1);
    long[][] found = new long[2][];
    for (int threads = 1; threads <= 2; threads++) {
      try (WorkerPool pool = new WorkerPool(threads)) {
        DeviceBuffer positions = memory.allocate(ElementType.INT64, count);
        new HostTopology(memory, pool)
            .growGradient(csr, memory.of(keep), in, out, count, positions);
        found[threads - 1] = HostBuffer.longs(positions).clone();
      }
    }
    assertArrayEquals(found[0], found[1], "2 threads");
    return found[0];
  }

  private CsrMatrix csr(int rows, int columns, int[] cells, Taps taps) {
    int[] rowStart = new int[rows + 1];
    for (int cell : cells) {
      rowStart[cell / columns + 1]++;
    }
    Arrays.parallelPrefix(rowStart, Integer::sum);
    int[] column = Arrays.stream(cells).map(cell -> cell % columns).toArray();
    DeviceBuffer values = memory.of(new float[cells.length]);
    return new CsrMatrix(
        rows, columns, cells.length, memory.of(rowStart), memory.of(column), values, taps);
  }

  /**
   * Returns images as they lie in memory, split into the phases of these taps.
   *
   * @param step from one pixel of a phase to the next
   */
  private Tensor tensor(Images images, ImageGrid grid, int reach, Taps taps, int step) {
    int phases = taps.phases().size();
    int positions = grid.positions(images.images());
    int guard = Tensor.strideFor(reach);
    int stride = Tensor.strideFor(positions);
    int rows = images.pixel.length * phases;
    float[] all = new float[2 * guard + rows * stride];
    for (int row = 0; row < rows; row++) {
      Taps.Phase phase = taps.phases().get(row % phases);
      for (int p = 0; p < positions; p++) {
        int inImage = p % grid.positionsOfImage();
        int y = inImage / grid.pitch() * step + phase.y();
        int x = inImage % grid.pitch() * step + phase.x();
        if (grid.isPixel(p)) {
          int image = p / grid.positionsOfImage();
          all[guard + row * stride + p] = images.at(row / phases, image, y, x);
        }
      }
    }
    return new Tensor(memory.of(all), guard, rows, positions, stride);
  }
}
