/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import java.util.Arrays;
import org.espalier.backend.Activation;
import org.espalier.backend.Dropout;
import org.espalier.backend.RowOps;
import org.espalier.backend.SampleReader;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Row-wise operations; activations by way of row arrays. */
final class PortableRowOps implements RowOps {

  /** What an element costs that takes an exponential or a hash, in passes over a number. */
  private static final int DEAR = 8;

  private final Team team;
  private final float[][] values;
  private final float[][] known;
  private final Gather gather;

  PortableRowOps(Team team) {
    this.team = team;
    this.gather = new Gather(team);
    this.values = new float[team.threads()][];
    this.known = new float[team.threads()][];
    Arrays.setAll(values, i -> RowArrays.row(RowArrays.WIDEST));
    Arrays.setAll(known, i -> RowArrays.row(RowArrays.WIDEST));
  }

  /** What is done with a stretch of a row that fits a row array. */
  @FunctionalInterface
  private interface RowStretch {

    void run(int row, int from, int width, int worker);
  }

  private void each(Tensor x, int cost, RowStretch stretch) {
    team.spread(
        x.rows(),
        (long) x.rows() * x.positions() * cost,
        (first, last, worker) -> {
          for (int r = first; r < last; r++) {
            for (int from = 0; from < x.positions(); from += RowArrays.WIDEST) {
              int width = Math.min(RowArrays.WIDEST, x.positions() - from);
              stretch.run(r, from, width, worker);
            }
          }
        });
  }

  @Override
  public void rowSums(Tensor dy, DeviceBuffer sums) {
    float[] in = floats(dy.buffer());
    float[] out = floats(sums);
    team.spread(
        dy.rows(),
        (long) dy.rows() * dy.positions(),
        (first, last, worker) -> {
          for (int r = first; r < last; r++) {
            out[BASE + r] = SddmmKernel.sum(in, start(dy) + r * dy.stride(), dy.positions());
          }
        });
  }

  @Override
  public void activate(Activation activation, Tensor x, Tensor y) {
    each(
        x,
        DEAR,
        (row, from, width, worker) -> {
          float[] mine = values[worker];
          RowDelivery.copyOut(x, row, from, mine, width);
          RowActivation.activate(activation, mine, width);
          RowDelivery.copyIn(mine, y, row, from, width);
        });
  }

  @Override
  public void activateGradient(Activation activation, Tensor x, Tensor y, Tensor dy, Tensor dx) {
    boolean readsOutput =
        activation.kind() == Activation.Kind.SIGMOID || activation.kind() == Activation.Kind.TANH;
    Tensor read = readsOutput ? y : x;
    each(
        dy,
        1,
        (row, from, width, worker) -> {
          float[] mine = values[worker];
          RowDelivery.copyOut(read, row, from, known[worker], width);
          RowDelivery.copyOut(dy, row, from, mine, width);
          RowActivation.gradient(activation, known[worker], mine, width);
          RowDelivery.copyIn(mine, dx, row, from, width);
        });
  }

  @Override
  public void srelu(DeviceBuffer parameters, Tensor x, Tensor y) {
    each(
        x,
        1,
        (row, from, width, worker) -> {
          float[] mine = values[worker];
          RowDelivery.copyOut(x, row, from, mine, width);
          Srelu.of(parameters, row, x.rows()).activate(mine, width);
          RowDelivery.copyIn(mine, y, row, from, width);
        });
  }

  @Override
  public void sreluGradient(
      DeviceBuffer parameters, Tensor x, Tensor dy, Tensor dx, DeviceBuffer gradient) {
    team.spread(
        x.rows(),
        (long) x.rows() * x.positions() * DEAR,
        (first, last, worker) -> {
          for (int r = first; r < last; r++) {
            Srelu.of(parameters, r, x.rows()).gradient(x, dy, dx, floats(gradient));
          }
        });
  }

  @Override
  public void dropout(Dropout dropout, Tensor x, Tensor y) {
    float[] in = floats(x.buffer());
    float[] out = floats(y.buffer());
    team.spread(
        x.rows(),
        (long) x.rows() * x.positions() * DEAR,
        (first, last, worker) -> {
          for (int r = first; r < last; r++) {
            int xo = start(x) + r * x.stride();
            int yo = start(y) + r * y.stride();
            dropRow(dropout, dropout.rowSeed(r), in, xo, out, yo, x.positions());
          }
        });
  }

  private static void dropRow(
      Dropout dropout, int seed, float[] in, int xo, float[] out, int yo, int n) {
    int threshold = dropout.threshold();
    float scale = dropout.scale();
    for (int p = 0; p < n; p++) {
      // the sign bit, spread over all bits: set for what is kept; a branch would be mispredicted
      int keep = (threshold - 1 - Dropout.bits(seed, p)) >> 31;
      out[yo + p] = Float.intBitsToFloat(Float.floatToRawIntBits(in[xo + p] * scale) & keep);
    }
  }

  @Override
  public void gather(SampleReader samples, DeviceBuffer scaling, Tensor x) {
    gather.run(samples, scaling, x);
  }
}
