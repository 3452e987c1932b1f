/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.backend.Memory;
import org.espalier.backend.PruneScore;
import org.espalier.backend.TopologyOps;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * Topology updates on the Java heap, shared by all CPU backends. All use the whole team; their
 * results do not depend on its size.
 */
public final class HostTopology implements TopologyOps {

  /** Magnitudes that are added one after the other. */
  private static final int MAGNITUDES = 1024;

  private final Memory memory;
  private final WorkerPool pool;

  /**
   * Creates the operations.
   *
   * @param memory hands out {@link HostBuffer}s
   * @param pool does the work; stays the caller's
   */
  public HostTopology(HostMemory memory, WorkerPool pool) {
    this.memory = memory;
    this.pool = pool;
  }

  @Override
  public CsrMatrix random(
      int rows, int columns, int count, long key, ValueRule initial, long valueKey) {
    long cells = (long) rows * columns;
    DistinctDraw.check(cells, count);
    long[] positions = new long[count];
    DistinctDraw.ascending(pool, cells, count, key, positions);
    try (CsrMatrix empty = allocate(rows, columns, 0)) {
      CsrMatrix csr = allocate(rows, columns, count);
      Growth growth = new Growth(positions, count, initial, valueKey, false);
      merge(empty, survivors(empty, new int[0], count), growth, csr, List.of(), List.of());
      return csr;
    }
  }

  @Override
  public int pruneSignwise(CsrMatrix weights, double fraction, DeviceBuffer keep) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("fraction to prune is " + fraction + ", not in [0, 1]");
    }
    return SmallestValues.markSignwise(pool, layer(weights, keep), fraction);
  }

  @Override
  public void pruneMagnitude(List<CsrMatrix> layers, List<DeviceBuffer> keep, long count) {
    if (layers.size() != keep.size()) {
      throw new IllegalArgumentException(
          "%d layers to prune with %d buffers of flags".formatted(layers.size(), keep.size()));
    }
    long total = layers.stream().mapToLong(CsrMatrix::nnz).sum();
    if (count < 0 || count > total) {
      throw new IllegalArgumentException("%d connections to prune of %d".formatted(count, total));
    }
    List<SmallestValues.Layer> values = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      values.add(layer(layers.get(i), keep.get(i)));
    }
    SmallestValues.markMagnitudes(pool, values, count);
  }

  private static SmallestValues.Layer layer(CsrMatrix weights, DeviceBuffer keep) {
    return new SmallestValues.Layer(
        HostBuffer.floats(weights.values()), weights.nnz(), HostBuffer.ints(keep));
  }

  @Override
  public void score(
      PruneScore score, CsrMatrix weights, DeviceBuffer gradient, long key, DeviceBuffer scores) {
    PruneScores.fill(pool, score, weights, gradient, key, HostBuffer.floats(scores));
  }

  @Override
  public int countKept(DeviceBuffer keep, int nnz) {
    int[] flags = HostBuffer.ints(keep);
    int[] kept = new int[Parts.of(pool, nnz)];
    pool.run(
        kept.length,
        (part, worker) -> {
          int end = Parts.start(nnz, part + 1, kept.length);
          for (int k = Parts.start(nnz, part, kept.length); k < end; k++) {
            kept[part] += flags[k];
          }
        });
    return Arrays.stream(kept).sum();
  }

  @Override
  public double sumOfMagnitudes(DeviceBuffer values, int n) {
    float[] array = HostBuffer.floats(values);
    double[] sums = new double[(n + MAGNITUDES - 1) / MAGNITUDES];
    pool.run(
        sums.length,
        (chunk, worker) -> {
          int end = HostBuffer.BASE + Math.min(n, (chunk + 1) * MAGNITUDES);
          for (int k = HostBuffer.BASE + chunk * MAGNITUDES; k < end; k++) {
            sums[chunk] += Math.abs(array[k]);
          }
        });
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    return total;
  }

  @Override
  public void positions(CsrMatrix pattern, DeviceBuffer positions) {
    int[] rowStart = HostBuffer.ints(pattern.rowStart());
    int[] column = HostBuffer.ints(pattern.column());
    long[] target = HostBuffer.longs(positions);
    int[] firstRow =
        Parts.rows(rowStart, pattern.rows(), pattern.rows(), Parts.of(pool, pattern.nnz()));
    pool.run(
        firstRow.length - 1,
        (part, worker) -> {
          for (int r = firstRow[part]; r < firstRow[part + 1]; r++) {
            for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
              target[k] = (long) r * pattern.columns() + column[k];
            }
          }
        });
  }

  @Override
  public void growRandom(
      CsrMatrix weights, DeviceBuffer keep, int count, long key, DeviceBuffer positions) {
    int parts = Parts.of(pool, (long) weights.nnz() + count);
    Survivors survivors = Survivors.of(pool, weights, HostBuffer.ints(keep), count, parts);
    long cells = (long) weights.rows() * weights.columns() - survivors.count();
    long[] ranks = HostBuffer.longs(positions);
    DistinctDraw.ascending(pool, cells, count, key, ranks);
    FreeCells.locate(pool, weights, survivors, ranks, count);
  }

  @Override
  public void growGradient(
      CsrMatrix weights,
      DeviceBuffer keep,
      Tensor x,
      Tensor dy,
      int count,
      DeviceBuffer positions) {
    int inputs = weights.channels() * weights.taps().phases().size();
    if (x.rows() != inputs || dy.rows() != weights.rows() || x.positions() != dy.positions()) {
      throw new IllegalArgumentException(
          "tensors of %d x %d and %d x %d for a layer of %d outputs and %d rows of input"
              .formatted(
                  x.rows(), x.positions(), dy.rows(), dy.positions(), weights.rows(), inputs));
    }
    int[] flags = HostBuffer.ints(keep);
    Survivors survivors = Survivors.of(pool, weights, flags, 0, Parts.of(pool, weights.nnz()));
    DistinctDraw.check((long) weights.rows() * weights.columns() - survivors.count(), count);
    GradientGrowth.largest(pool, weights, flags, x, dy, count, HostBuffer.longs(positions));
  }

  @Override
  public void rebuild(
      SparseWeights weights,
      DeviceBuffer keep,
      DeviceBuffer positions,
      int grown,
      ValueRule initial,
      long valueKey,
      boolean keepRegrown) {
    weights.setTransposed(null); // before there are two of everything else
    CsrMatrix old = weights.csr();
    Survivors survivors = survivors(old, HostBuffer.ints(keep), grown);
    long[] cells = grown == 0 ? new long[0] : HostBuffer.longs(positions);
    Growth growth = new Growth(cells, grown, initial, valueKey, keepRegrown);
    CsrMatrix csr = allocate(old.rows(), old.columns(), survivors.count() + grown);
    List<DeviceBuffer> state = new ArrayList<>();
    for (int array = 0; array < weights.state().size(); array++) {
      state.add(memory.allocate(ElementType.FLOAT32, csr.nnz()));
    }
    merge(old, survivors, growth, csr, weights.state(), state);
    weights.replace(csr, state);
  }

  private Survivors survivors(CsrMatrix weights, int[] flags, int grown) {
    int parts = (int) (1 + ((long) weights.nnz() + grown) / Merge.GRAIN);
    return Survivors.of(pool, weights, flags, grown, parts);
  }

  private void merge(
      CsrMatrix old,
      Survivors survivors,
      Growth growth,
      CsrMatrix csr,
      List<DeviceBuffer> oldState,
      List<DeviceBuffer> state) {
    Merge task =
        new Merge(
            old, survivors, growth, csr, arrays(old, oldState), arrays(csr, state), pool.threads());
    pool.run(survivors.parts(), task);
  }

  private static float[][] arrays(CsrMatrix csr, List<DeviceBuffer> state) {
    float[][] arrays = new float[1 + state.size()][];
    arrays[0] = HostBuffer.floats(csr.values());
    for (int i = 0; i < state.size(); i++) {
      arrays[1 + i] = HostBuffer.floats(state.get(i));
    }
    return arrays;
  }

  @Override
  public TransposedCopy transpose(CsrMatrix weights) {
    TransposedCopy copy =
        new TransposedCopy(
            allocate(weights.columns(), weights.rows(), weights.nnz()),
            memory.allocate(ElementType.INT32, weights.nnz()));
    Transposition.fill(pool, weights, copy);
    return copy;
  }

  private CsrMatrix allocate(int rows, int columns, int nnz) {
    return new CsrMatrix(
        rows,
        columns,
        nnz,
        memory.allocate(ElementType.INT32, rows + 1L),
        memory.allocate(ElementType.INT32, nnz),
        memory.allocate(ElementType.FLOAT32, nnz));
  }
}
