/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.backend.LossOps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Losses, one position at a time, in double precision. */
final class PortableLossOps implements LossOps {

  /** What an output costs with its exponential, in passes over a number. */
  private static final int COST = 16;

  private final Team team;

  PortableLossOps(Team team) {
    this.team = team;
  }

  /** One position of a tensor: a column of strided numbers. */
  private record Column(float[] values, int at, int stride) {

    static Column of(Tensor tensor, int position) {
      return new Column(floats(tensor.buffer()), start(tensor) + position, tensor.stride());
    }

    float get(int row) {
      return values[at + row * stride];
    }

    void set(int row, double value) {
      values[at + row * stride] = (float) value;
    }

    /** Returns the first of the largest. */
    int largest(int rows) {
      int best = 0;
      for (int r = 1; r < rows; r++) {
        if (get(r) > get(best)) {
          best = r;
        }
      }
      return best;
    }
  }

  @Override
  public void softmaxCrossEntropy(
      Tensor logits,
      DeviceBuffer labels,
      float smoothing,
      float gradientScale,
      Tensor dLogits,
      Tensor outcome) {
    int[] wanted = ints(labels);
    team.spread(
        logits.positions(),
        (long) logits.rows() * logits.positions() * COST,
        (first, last, worker) -> {
          for (int p = first; p < last; p++) {
            Column gradient = dLogits == null ? null : Column.of(dLogits, p);
            crossEntropy(
                Column.of(logits, p),
                logits.rows(),
                wanted[p],
                smoothing,
                gradientScale,
                gradient,
                Column.of(outcome, p));
          }
        });
  }

  /**
   * Everything is relative to the largest output m: with s_c = z_c - m and S = sum of exp(s_c), the
   * loss is {@code log S - sum over c of t_c s_c}.
   */
  private static void crossEntropy(
      Column z,
      int classes,
      int label,
      double smoothing,
      float scale,
      Column gradient,
      Column outcome) {
    int best = z.largest(classes);
    double most = z.get(best);
    double ofLabel = z.get(label) - most; // read before the gradient may overwrite it
    double ofAll = 0;
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      double s = z.get(c) - most;
      double e = PortableMath.exp(s);
      ofAll += s;
      sum += e;
      if (gradient != null) {
        gradient.set(c, e);
      }
    }
    // without smoothing the others do not count, and 0 times an infinite one would be NaN
    double others = smoothing == 0 ? 0 : smoothing / classes * ofAll;
    outcome.set(0, StrictMath.log(sum) - (1 - smoothing) * ofLabel - others);
    outcome.set(1, best == label ? 1 : 0);
    if (gradient != null) {
      double other = smoothing / classes;
      for (int c = 0; c < classes; c++) {
        double target = c == label ? 1 - smoothing + other : other;
        gradient.set(c, scale * (gradient.get(c) / sum - target));
      }
    }
  }

  @Override
  public void squaredError(
      Tensor outputs, DeviceBuffer labels, float gradientScale, Tensor dOutputs, Tensor outcome) {
    int[] wanted = ints(labels);
    int classes = outputs.rows();
    double factor = gradientScale * 2.0 / classes;
    team.spread(
        outputs.positions(),
        (long) classes * outputs.positions(),
        (first, last, worker) -> {
          for (int p = first; p < last; p++) {
            Column gradient = dOutputs == null ? null : Column.of(dOutputs, p);
            squares(
                Column.of(outputs, p), classes, wanted[p], factor, gradient, Column.of(outcome, p));
          }
        });
  }

  private static void squares(
      Column y, int classes, int label, double factor, Column gradient, Column outcome) {
    int best = y.largest(classes);
    double loss = 0;
    for (int c = 0; c < classes; c++) {
      double error = y.get(c) - (c == label ? 1.0 : 0.0);
      loss += error * error;
      if (gradient != null) {
        gradient.set(c, factor * error);
      }
    }
    outcome.set(0, loss / classes);
    outcome.set(1, best == label ? 1 : 0);
  }
}
