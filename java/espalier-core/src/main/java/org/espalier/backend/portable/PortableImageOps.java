/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.portable.RowArrays.FIRST;
import static org.espalier.backend.portable.RowArrays.FROM;

import java.util.Arrays;
import org.espalier.backend.Activation;
import org.espalier.backend.Epilogue;
import org.espalier.backend.ImageOps;
import org.espalier.backend.Normalization;
import org.espalier.backend.RowOps;
import org.espalier.backend.host.BatchStatistics;
import org.espalier.backend.host.Halo;
import org.espalier.backend.host.ImagePooling;
import org.espalier.backend.host.PixelMoves;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Operations on images; arithmetic by way of row arrays, a thread for each row. */
final class PortableImageOps implements ImageOps {

  private final Team team;
  private final RowOps rows;
  private final PixelMoves moves;
  private final ImagePooling pooling;
  private final PortableNormalization[] normalization;
  private final float[][] one;
  private final float[][] other;

  PortableImageOps(WorkerPool pool, Team team, RowOps rows) {
    this.team = team;
    this.rows = rows;
    this.moves = new PixelMoves(pool);
    this.pooling = new ImagePooling(pool);
    this.normalization = new PortableNormalization[pool.threads()];
    Arrays.setAll(normalization, i -> new PortableNormalization());
    this.one = new float[pool.threads()][0];
    this.other = new float[pool.threads()][0];
  }

  /** What is done with a row of the result, whose halo is cleared afterwards. */
  @FunctionalInterface
  private interface Row {

    void run(int row, int worker);
  }

  private void each(Tensor result, ImageGrid grid, int cost, Row body) {
    team.spread(
        result.rows(),
        (long) result.rows() * result.positions() * cost,
        (first, last, worker) -> {
          for (int row = first; row < last; row++) {
            body.run(row, worker);
            Halo.clearRow(result, grid, row);
          }
        });
  }

  @Override
  public void toImages(Tensor features, Tensor images, ImageGrid grid) {
    moves.toImages(features, images, grid);
  }

  @Override
  public void toFeatures(Tensor images, ImageGrid grid, Tensor features) {
    moves.toFeatures(images, grid, features);
  }

  @Override
  public void copy(Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    moves.copy(x, from, y, to);
  }

  @Override
  public void split(Tensor x, ImageGrid from, int stride, Taps taps, Tensor y) {
    moves.split(x, from, stride, taps, y);
  }

  @Override
  public void join(Tensor y, Taps taps, int stride, Tensor x, ImageGrid to) {
    moves.join(y, taps, stride, x, to);
  }

  @Override
  public void add(
      Tensor a, ImageGrid ofA, Tensor b, ImageGrid ofB, Epilogue epilogue, Tensor y, ImageGrid to) {
    PixelLines first = new PixelLines(a, ofA);
    PixelLines second = new PixelLines(b, ofB);
    PixelLines sum = new PixelLines(y, to);
    each(
        y,
        to,
        1,
        (row, worker) -> {
          float[] values = room(one, worker, sum);
          float[] more = room(other, worker, sum);
          for (int block = 0; block < sum.blocks(); block++) {
            int width = sum.width(block);
            first.copyOut(row, block, values);
            second.copyOut(row, block, more);
            plus(values, more, FIRST + width);
            if (epilogue.isRelu()) {
              RowActivation.activate(Activation.RELU, values, width);
            }
            sum.copyIn(values, row, block);
          }
        });
    if (!epilogue.isRelu()) {
      rows.finish(epilogue, y);
    }
  }

  private static float[] room(float[][] kept, int worker, PixelLines of) {
    if (kept[worker].length < RowArrays.end(of.widest())) {
      kept[worker] = RowArrays.row(of.widest());
    }
    return kept[worker];
  }

  private static void plus(float[] values, float[] more, int end) {
    for (int j = FROM; j < end; j++) {
      values[j] += more[j];
    }
  }

  @Override
  public void maxPool(Kernel window, Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    pooling.max(window, x, from, y, to);
  }

  @Override
  public void maxPoolGradient(
      Kernel window, Tensor x, ImageGrid from, Tensor dy, ImageGrid to, Tensor dx) {
    pooling.maxGradient(window, x, from, dy, to, dx);
  }

  @Override
  public void averagePool(Kernel window, Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    pooling.average(window, x, from, y, to);
  }

  @Override
  public void averagePoolGradient(
      Kernel window, Tensor dy, ImageGrid to, Tensor dx, ImageGrid from) {
    pooling.averageGradient(window, dy, to, dx, from);
  }

  @Override
  public void normalize(
      Normalization rule,
      DeviceBuffer parameters,
      DeviceBuffer running,
      DeviceBuffer saved,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor y,
      ImageGrid to) {
    PixelLines in = new PixelLines(x, from);
    PixelLines out = new PixelLines(y, to);
    int rows = x.rows();
    float[] of = floats(parameters);
    float[] mine = floats(saved);
    each(
        y,
        to,
        3,
        (row, worker) -> {
          PortableNormalization normalize = normalization[worker];
          normalize.statistics(rule, in, row, rows, floats(running), mine);
          float scale = of[BASE + row] * mine[BASE + rows + row];
          normalize.apply(mine[BASE + row], scale, of[BASE + rows + row], in, relu, out, row);
        });
  }

  @Override
  public void normalizeFixed(
      Normalization rule,
      DeviceBuffer parameters,
      DeviceBuffer running,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor y,
      ImageGrid to) {
    PixelLines in = new PixelLines(x, from);
    PixelLines out = new PixelLines(y, to);
    int rows = x.rows();
    float[] of = floats(parameters);
    float[] fixed = floats(running);
    each(
        y,
        to,
        1,
        (row, worker) -> {
          float scale = of[BASE + row] * BatchStatistics.inverse(rule, fixed[BASE + rows + row]);
          float beta = of[BASE + rows + row];
          normalization[worker].apply(fixed[BASE + row], scale, beta, in, relu, out, row);
        });
  }

  @Override
  public void normalizeGradient(
      DeviceBuffer parameters,
      DeviceBuffer saved,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor dy,
      ImageGrid to,
      Tensor dx,
      DeviceBuffer gradient) {
    PixelLines in = new PixelLines(x, from);
    PixelLines dOut = new PixelLines(dy, to);
    PixelLines dIn = new PixelLines(dx, from);
    each(
        dx,
        from,
        4,
        (row, worker) ->
            normalization[worker].gradient(
                floats(parameters),
                floats(saved),
                in,
                relu,
                dOut,
                dIn,
                row,
                x.rows(),
                floats(gradient)));
  }
}
