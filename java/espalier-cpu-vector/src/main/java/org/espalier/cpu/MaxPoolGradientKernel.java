/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.espalier.backend.host.ImageRows;
import org.espalier.backend.host.ImageSpread;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.Kernel;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * Gradient of maximum pooling with a stride of 2: which pixel of a window is the largest, for the
 * windows of a vector at once, then one addition for each window. Places in an image are floats
 * here, which is exact for the first 2^24 and keeps all masks of one kind.
 */
final class MaxPoolGradientKernel {

  private final ImageSpread spread;
  private final ImageRows in = new ImageRows();
  private final ImageRows dOut = new ImageRows();
  private final ImageRows dIn = new ImageRows();
  private final PoolLines[] lines;
  private final float[][] largest;
  private final float[][] places;
  private Kernel window;

  MaxPoolGradientKernel(WorkerPool pool) {
    this.spread = new ImageSpread(pool, this::images);
    this.lines = new PoolLines[pool.threads()];
    Arrays.setAll(lines, i -> new PoolLines());
    this.largest = new float[pool.threads()][0];
    this.places = new float[pool.threads()][0];
  }

  void run(Kernel of, Tensor x, ImageGrid from, Tensor dy, ImageGrid to, Tensor dx) {
    window = of;
    in.set(x, from);
    dOut.set(dy, to);
    dIn.set(dx, from);
    spread.run(x.rows(), in.images(), 1, 2L * x.rows() * x.positions());
    in.release();
    dOut.release();
    dIn.release();
  }

  private void images(int row, int first, int end, int worker) {
    PoolLines of = lines[worker];
    int width = dOut.grid().width();
    if (places[worker].length < width + L) {
      places[worker] = new float[width + L];
      largest[worker] = new float[width + L];
    }
    float[] place = places[worker];
    float[] most = largest[worker];
    int pitch = in.grid().pitch();
    for (int image = first; image < end; image++) {
      int target = dIn.image(row, image);
      Arrays.fill(dIn.data(), target, target + dIn.grid().positionsOfImage(), 0);
      for (int i = 0; i < dOut.grid().height(); i++) {
        of.load(window, in.data(), in.image(row, image), in.grid(), i);
        Arrays.fill(most, 0, width, Float.NEGATIVE_INFINITY);
        int firstPixel = of.firstOfImage() * pitch;
        for (int j = 0; j < width; j++) {
          place[j] = firstPixel + Math.max(-window.padding(), -2 * j);
        }
        for (int line = 0; line < of.count(); line++) {
          int inImage = (of.firstOfImage() + line) * pitch - window.padding();
          int at = BASE + line * of.length();
          compare(of.lines(), at, window.width(), inImage, most, place, width);
        }
        int from = dOut.image(row, image) + i * dOut.grid().pitch();
        add(dOut.data(), from, place, dIn.data(), target, width);
      }
      dIn.clearAround(row, image);
    }
  }

  /**
   * Compares the largest so far with a line of the windows.
   *
   * @param inImage where in the image the line begins, padding included
   * @param place where in the image the largest is, less twice its column of the output
   */
  private static void compare(
      float[] line, int at, int window, int inImage, float[] most, float[] place, int count) {
    for (int j = 0; j < count; j += L) {
      FloatVector best = FloatVector.fromArray(Lanes.F, most, j);
      FloatVector where = FloatVector.fromArray(Lanes.F, place, j);
      for (int k = 0; k < window; k++) {
        FloatVector next =
            FloatVector.fromArray(Lanes.F, line, at + 2 * j + k)
                .rearrange(EveryOther.EVEN)
                .blend(
                    FloatVector.fromArray(Lanes.F, line, at + 2 * j + k + L)
                        .rearrange(EveryOther.EVEN),
                    EveryOther.UPPER);
        VectorMask<Float> kept = next.compare(VectorOperators.LE, best); // not if one is NaN
        VectorMask<Float> last = best.compare(VectorOperators.NE, best); // nothing is above NaN
        where = FloatVector.broadcast(Lanes.F, inImage + k).blend(where, kept).blend(where, last);
        best = next.blend(best, kept).blend(best, last);
      }
      best.intoArray(most, j);
      where.intoArray(place, j);
    }
  }

  private static void add(float[] dy, int from, float[] place, float[] dx, int target, int count) {
    for (int j = 0; j < count; j++) {
      dx[target + (int) place[j] + 2 * j] += dy[from + j];
    }
  }
}
