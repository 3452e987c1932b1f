/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import java.util.Arrays;
import org.espalier.backend.DenseProducts;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Dense products over row arrays: four rows of the input go into a row of the result at a time. */
final class PortableDenseProducts implements DenseProducts {

  /** Multiplications done in the time of one pass over a number. */
  private static final int SPEED = 4;

  private final Team team;
  private final RowArrays scratch;
  private final RowSum[] sums;
  private final RowDelivery delivery;
  private final TapProduct tapProduct;
  private final TapDots tapDots;

  PortableDenseProducts(Team team, RowArrays scratch, TapProduct tapProduct, TapDots tapDots) {
    this.team = team;
    this.scratch = scratch;
    this.sums = new RowSum[team.threads()];
    Arrays.setAll(sums, i -> new RowSum());
    this.delivery = new RowDelivery(team);
    this.tapProduct = tapProduct;
    this.tapDots = tapDots;
  }

  @Override
  public void gemm(
      DeviceBuffer weights, Taps taps, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    float[] w = floats(weights);
    float[] biases = bias == null ? null : floats(bias);
    if (taps.isNone()) {
      product(w, x.rows(), 1, biases, x, y, epilogue);
      return;
    }
    int columns = columns(taps, x);
    tapProduct.run(
        TapRows.forward(taps, columns).all(),
        x,
        biases,
        y,
        taps.output(),
        epilogue,
        (long) y.rows() * columns / SPEED,
        (sum, r, in, width) -> sum.addDense(w, BASE + r * columns, 1, 0, columns, in, width));
  }

  @Override
  public void gemmTransposed(
      DeviceBuffer weights, Taps taps, Tensor dy, Tensor dx, Epilogue epilogue) {
    float[] w = floats(weights);
    if (taps.isNone()) {
      product(w, 1, dx.rows(), null, dy, dx, epilogue);
      return;
    }
    int columns = columns(taps, dx);
    int phases = taps.phases().size();
    tapProduct.run(
        TapRows.transposed(taps, dy.rows()).all(),
        dy,
        null,
        dx,
        taps.input(),
        epilogue,
        (long) dy.rows() * columns / SPEED,
        (sum, q, in, width) -> {
          int end = taps.firstTap(q % phases + 1);
          for (int tap = taps.firstTap(q % phases); tap < end; tap++) {
            int first = BASE + q / phases * taps.count() + tap;
            int from = tap * dy.rows();
            sum.addDense(w, first, columns, from, from + dy.rows(), in, width);
          }
        });
  }

  /** Returns the columns of weights that read this input. */
  private static int columns(Taps taps, Tensor x) {
    return x.rows() / taps.phases().size() * taps.count();
  }

  /** Multiplies with weights of which element (r, c) is at {@code r * rowStep + c * step}. */
  private void product(
      float[] w, int rowStep, int step, float[] bias, Tensor x, Tensor y, Epilogue epilogue) {
    int tile = RowArrays.tile(x.rows(), x.positions());
    for (int p = 0; p < x.positions(); p += tile) {
      int from = p;
      int width = Math.min(tile, x.positions() - from);
      float[][] in = scratch.load(x, from, width);
      team.spread(
          y.rows(),
          (long) y.rows() * x.rows() * width / SPEED,
          (first, last, worker) -> {
            RowSum sum = sums[worker];
            for (int r = first; r < last; r++) {
              sum.fill(bias == null ? 0 : bias[BASE + r], width);
              sum.addDense(w, BASE + r * rowStep, step, 0, x.rows(), in, width);
              delivery.deliver(epilogue, sum.values(), y, r, from, width, worker);
            }
          });
    }
  }

  /** Sums over the positions, so the rows of X are taken as the columns of row arrays. */
  @Override
  public void gemmGradient(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    if (!taps.isNone()) {
      tapDots.dense(taps, x, dy, gradient);
      return;
    }
    float[] dOut = floats(dy.buffer());
    float[] target = floats(gradient);
    int columns = x.rows();
    int tile = RowArrays.tile(x.positions(), columns);
    for (int c = 0; c < columns; c += tile) {
      int from = c;
      int width = Math.min(tile, columns - from);
      float[][] in = scratch.loadTransposed(x, from, width);
      team.spread(
          dy.rows(),
          (long) dy.rows() * x.positions() * width / SPEED,
          (first, last, worker) -> {
            RowSum sum = sums[worker];
            for (int r = first; r < last; r++) {
              sum.fill(0, width);
              int row = start(dy) + r * dy.stride();
              sum.addDense(dOut, row, 1, 0, dy.positions(), in, width);
              int at = BASE + r * columns + from;
              System.arraycopy(sum.values(), RowArrays.FIRST, target, at, width);
            }
          });
    }
  }
}
