/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;

import java.util.Arrays;
import org.espalier.backend.Epilogue;
import org.espalier.backend.SgdRule;
import org.espalier.backend.SparseProducts;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Sparse products: SpMM over row arrays, and {@link SddmmKernel}; with a kernel {@link TapProduct}
 * and {@link TapDots}.
 */
final class PortableSparseProducts implements SparseProducts {

  /** Multiplications that SpMM does in the time of one pass over a number. */
  private static final int SPEED = 4;

  private final Team team;
  private final RowArrays scratch;
  private final RowSum[] sums;
  private final RowDelivery delivery;
  private final SddmmKernel sddmm;
  private final TapProduct tapProduct;
  private final TapDots tapDots;
  private int[] sources = new int[0];

  PortableSparseProducts(Team team, RowArrays scratch, TapProduct tapProduct, TapDots tapDots) {
    this.team = team;
    this.scratch = scratch;
    this.sums = new RowSum[team.threads()];
    Arrays.setAll(sums, i -> new RowSum());
    this.delivery = new RowDelivery(team);
    this.sddmm = new SddmmKernel(team, scratch);
    this.tapProduct = tapProduct;
    this.tapDots = tapDots;
  }

  @Override
  public void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    if (!weights.taps().isNone()) {
      spmmWithTaps(weights, bias, x, y, epilogue);
      return;
    }
    int tile = RowArrays.tile(x.rows(), x.positions());
    for (int from = 0; from < x.positions(); from += tile) {
      tile(weights, bias, x, y, epilogue, from, Math.min(tile, x.positions() - from));
    }
  }

  private void tile(
      CsrMatrix weights,
      DeviceBuffer bias,
      Tensor x,
      Tensor y,
      Epilogue epilogue,
      int from,
      int width) {
    int[] rowStart = ints(weights.rowStart());
    int[] column = ints(weights.column());
    float[] values = floats(weights.values());
    float[] biases = bias == null ? null : floats(bias);
    float[][] in = scratch.load(x, from, width);
    team.spreadRows(
        rowStart,
        weights.rows(),
        width / SPEED,
        (first, last, worker) -> {
          RowSum sum = sums[worker];
          for (int r = first; r < last; r++) {
            sum.fill(biases == null ? 0 : biases[BASE + r], width);
            sum.addSparse(values, BASE, column, rowStart[r], rowStart[r + 1], in, width);
            delivery.deliver(epilogue, sum.values(), y, r, from, width, worker);
          }
        });
  }

  private void spmmWithTaps(
      CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    int[] rowStart = ints(weights.rowStart());
    int[] column = ints(weights.column());
    float[] values = floats(weights.values());
    tapProduct.run(
        TapRows.forward(weights.taps(), weights.columns()).only(column, weights.nnz()),
        x,
        bias == null ? null : floats(bias),
        y,
        weights.taps().output(),
        epilogue,
        work(weights.nnz(), y),
        (sum, r, in, width) ->
            sum.addSparse(values, BASE, column, rowStart[r], rowStart[r + 1], in, width));
  }

  private static long work(int nnz, Tensor y) {
    return nnz / SPEED + y.rows();
  }

  @Override
  public void spmmTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    CsrMatrix csr = weights.csr();
    Taps taps = weights.taps();
    if (taps.isNone()) {
      spmm(csr, null, dy, dx, epilogue);
      return;
    }
    int[] rowStart = ints(csr.rowStart());
    float[] values = floats(csr.values());
    if (sources.length < csr.nnz()) {
      sources = new int[csr.nnz()];
    }
    int[] source = sources;
    TapRows.sources(csr, taps, rowStart, ints(csr.column()), source);
    int phases = taps.phases().size();
    tapProduct.run(
        TapRows.transposed(taps, dy.rows()).only(source, csr.nnz()),
        dy,
        null,
        dx,
        taps.input(),
        epilogue,
        work(csr.nnz(), dx),
        (sum, q, in, width) -> {
          int first = q / phases * taps.count(); // the rows of a phase's taps follow each other
          int from = rowStart[first + taps.firstTap(q % phases)];
          int to = rowStart[first + taps.firstTap(q % phases + 1)];
          sum.addSparse(values, BASE, source, from, to, in, width);
        });
  }

  @Override
  public void sddmm(
      CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient, DeviceBuffer biasGradient) {
    float[] gradients = floats(gradient);
    gradients(
        pattern,
        x,
        dy,
        biasGradient,
        (chunk, from, count) -> System.arraycopy(chunk, 0, gradients, BASE + from, count));
  }

  @Override
  public void sddmmSgd(
      SparseWeights weights,
      Tensor x,
      Tensor dy,
      DeviceBuffer velocity,
      DeviceBuffer biasGradient,
      SgdRule rule,
      float learningRate) {
    float[] values = floats(weights.csr().values());
    float[] velocities = velocity == null ? null : floats(velocity);
    int[] slot = weights.transposed().map(copy -> ints(copy.slot())).orElse(null);
    float[] copied = weights.transposed().map(copy -> floats(copy.csr().values())).orElse(null);
    SgdStep step = new SgdStep(rule, learningRate, 1);
    gradients(
        weights.csr(),
        x,
        dy,
        biasGradient,
        (chunk, from, count) -> {
          step.run(values, velocities, BASE + from, BASE + from + count, chunk, 0);
          if (slot != null) {
            PortableUpdateOps.scatter(values, copied, slot, from, from + count);
          }
        });
  }

  private void gradients(
      CsrMatrix pattern,
      Tensor x,
      Tensor dy,
      DeviceBuffer biasGradient,
      SddmmKernel.Receiver receiver) {
    if (pattern.taps().isNone()) {
      sddmm.run(pattern, x, dy, biasGradient, receiver);
    } else {
      tapDots.sparse(pattern, x, dy, biasGradient, receiver);
    }
  }
}
