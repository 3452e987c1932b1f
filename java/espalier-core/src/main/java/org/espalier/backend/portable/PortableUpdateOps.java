/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;

import org.espalier.backend.SgdRule;
import org.espalier.backend.UpdateOps;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;

/** Operations of optimizers as streaming passes over all threads. */
final class PortableUpdateOps implements UpdateOps {

  /** Numbers whose squares are summed together, so that the order of the sum is always the same. */
  private static final int CHUNK = 4096;

  private final Team team;

  PortableUpdateOps(Team team) {
    this.team = team;
  }

  @Override
  public void sgd(
      DeviceBuffer values,
      DeviceBuffer gradient,
      DeviceBuffer velocity,
      long n,
      SgdRule rule,
      float learningRate,
      float gradientScale) {
    float[] w = floats(values);
    float[] g = floats(gradient);
    float[] v = velocity == null ? null : floats(velocity);
    SgdStep step = new SgdStep(rule, learningRate, gradientScale);
    team.spread(
        (int) n, n, (from, to, worker) -> step.run(w, v, BASE + from, BASE + to, g, BASE + from));
  }

  @Override
  public double sumOfSquares(DeviceBuffer values, long n) {
    float[] of = floats(values);
    double[] sums = new double[(int) ((n + CHUNK - 1) / CHUNK)];
    team.spread(
        sums.length,
        n,
        (first, last, worker) -> {
          for (int chunk = first; chunk < last; chunk++) {
            int from = BASE + chunk * CHUNK;
            sums[chunk] = squares(of, from, Math.min(from + CHUNK, BASE + (int) n));
          }
        });
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    return total;
  }

  private static double squares(float[] values, int from, int to) {
    double even = 0;
    double odd = 0;
    int i = from;
    for (; i < to - 1; i += 2) {
      even += (double) values[i] * values[i];
      odd += (double) values[i + 1] * values[i + 1];
    }
    return i < to ? even + odd + (double) values[i] * values[i] : even + odd;
  }

  @Override
  public void syncTransposed(SparseWeights weights) {
    TransposedCopy copy = weights.transposed().orElse(null);
    if (copy == null) {
      return;
    }
    float[] from = floats(weights.csr().values());
    float[] to = floats(copy.csr().values());
    int[] slot = ints(copy.slot());
    int nnz = weights.csr().nnz();
    team.spread(nnz, nnz, (first, last, worker) -> scatter(from, to, slot, first, last));
  }

  /** Copies entries {@code first} to {@code last} to their places in the transposed copy. */
  static void scatter(float[] from, float[] to, int[] slot, int first, int last) {
    for (int k = first; k < last; k++) {
      to[BASE + slot[k]] = from[BASE + k];
    }
  }
}
