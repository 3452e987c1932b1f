/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.ArrayList;
import java.util.List;
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
 * Topology updates as commands; what comes back are counts, which give the new arrays their size.
 */
final class CudaTopology implements TopologyOps {

  private final CommandQueue queue;
  private final Encoder encoder;
  private final CudaConvolutions convolutions;
  private final CudaMemory memory;

  CudaTopology(
      CommandQueue queue, Encoder encoder, CudaConvolutions convolutions, CudaMemory memory) {
    this.queue = queue;
    this.encoder = encoder;
    this.convolutions = convolutions;
    this.memory = memory;
  }

  /** Buffers of a result in the making; those not handed on are closed. */
  private final class Making implements AutoCloseable {

    private final List<DeviceBuffer> open = new ArrayList<>();

    DeviceBuffer allocate(ElementType type, long length) {
      DeviceBuffer buffer = memory.allocate(type, length);
      open.add(buffer);
      return buffer;
    }

    CsrMatrix csr(int rows, int columns, int nnz) {
      return new CsrMatrix(
          rows,
          columns,
          nnz,
          allocate(ElementType.INT32, rows + 1L),
          allocate(ElementType.INT32, nnz),
          allocate(ElementType.FLOAT32, nnz));
    }

    void keepAll() {
      open.clear();
    }

    @Override
    public void close() {
      open.forEach(DeviceBuffer::close);
    }
  }

  @Override
  public CsrMatrix random(
      int rows, int columns, int count, long key, ValueRule initial, long valueKey) {
    long cells = (long) rows * columns;
    checkFree(cells, count);
    try (Making temporary = new Making();
        Making result = new Making()) {
      DeviceBuffer positions = temporary.allocate(ElementType.INT64, count);
      encoder
          .begin(Opcode.RANDOM_CELLS)
          .put(cells)
          .put((long) count)
          .put(key)
          .array(positions, ElementType.INT64, count)
          .end();
      CsrMatrix empty = temporary.csr(rows, columns, 0);
      DeviceBuffer keep = temporary.allocate(ElementType.INT32, 0);
      CsrMatrix csr = result.csr(rows, columns, count);
      beginRebuild(empty, keep, positions, count, initial, valueKey, false, csr).put(0L).end();
      result.keepAll();
      return csr;
    }
  }

  @Override
  public int pruneSignwise(CsrMatrix weights, double fraction, DeviceBuffer keep) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("fraction to prune is " + fraction + ", not in [0, 1]");
    }
    return (int)
        queue.wordOf(
            pruned ->
                encoder
                    .begin(Opcode.PRUNE_SIGNWISE)
                    .floats(weights.values(), weights.nnz())
                    .put((long) weights.nnz())
                    .put(fraction)
                    .array(keep, ElementType.INT32, weights.nnz())
                    .put(pruned)
                    .end());
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
    encoder.begin(Opcode.PRUNE_MAGNITUDE).put(count).put((long) layers.size());
    for (int i = 0; i < layers.size(); i++) {
      int nnz = layers.get(i).nnz();
      encoder
          .floats(layers.get(i).values(), nnz)
          .put((long) nnz)
          .array(keep.get(i), ElementType.INT32, nnz);
    }
    encoder.end();
  }

  @Override
  public void score(
      PruneScore score, CsrMatrix weights, DeviceBuffer gradient, long key, DeviceBuffer scores) {
    boolean reads = score.kind().readsGradient();
    if (reads && gradient == null) {
      throw new IllegalArgumentException("a score by " + score.kind() + " without a gradient");
    }
    encoder
        .begin(Opcode.SCORE)
        .csr(weights, 0)
        .put(code(score.kind()))
        .put(score.gradientWeight())
        .floatsOrNone(reads ? gradient : null, weights.nnz())
        .put(key)
        .floats(scores, weights.nnz())
        .end();
  }

  private static long code(PruneScore.Kind kind) {
    return switch (kind) {
      case MAGNITUDE_AND_GRADIENT -> 0;
      case TAYLOR -> 1;
      case RELATIVE_IMPORTANCE -> 2;
      case RANDOM -> 3;
    };
  }

  @Override
  public int countKept(DeviceBuffer keep, int nnz) {
    return (int)
        queue.wordOf(
            kept ->
                encoder
                    .begin(Opcode.COUNT_KEPT)
                    .array(keep, ElementType.INT32, nnz)
                    .put((long) nnz)
                    .put(kept)
                    .end());
  }

  @Override
  public double sumOfMagnitudes(DeviceBuffer values, int n) {
    return Double.longBitsToDouble(
        queue.wordOf(
            result ->
                encoder
                    .begin(Opcode.SUM_OF_MAGNITUDES)
                    .floats(values, n)
                    .put((long) n)
                    .put(result)
                    .end()));
  }

  @Override
  public void positions(CsrMatrix pattern, DeviceBuffer positions) {
    encoder
        .begin(Opcode.POSITIONS)
        .csr(pattern, 0)
        .array(positions, ElementType.INT64, pattern.nnz())
        .end();
  }

  @Override
  public void growRandom(
      CsrMatrix weights, DeviceBuffer keep, int count, long key, DeviceBuffer positions) {
    int kept = countKept(keep, weights.nnz());
    checkFree((long) weights.rows() * weights.columns() - kept, count);
    encoder
        .begin(Opcode.GROW_RANDOM)
        .csr(weights, 0)
        .array(keep, ElementType.INT32, weights.nnz())
        .put((long) kept)
        .put((long) count)
        .put(key)
        .array(positions, ElementType.INT64, count)
        .end();
  }

  @Override
  public void growGradient(
      CsrMatrix weights,
      DeviceBuffer keep,
      Tensor x,
      Tensor dy,
      int count,
      DeviceBuffer positions) {
    int kept = countKept(keep, weights.nnz());
    checkFree((long) weights.rows() * weights.columns() - kept, count);
    if (!weights.taps().isNone()) {
      convolutions.growGradient(weights, keep, kept, x, dy, count, positions);
      return;
    }
    Encoder.shape(x, weights.columns(), dy.positions());
    Encoder.shape(dy, weights.rows(), x.positions());
    encoder
        .begin(Opcode.GROW_GRADIENT)
        .csr(weights, 0)
        .array(keep, ElementType.INT32, weights.nnz())
        .put((long) kept)
        .rows(x)
        .rows(dy)
        .put((long) count)
        .array(positions, ElementType.INT64, count)
        .end();
  }

  private static void checkFree(long cells, int count) {
    if (count > cells) {
      throw new IllegalArgumentException(
          "%d connections asked of %d free cells".formatted(count, cells));
    }
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
    int nnz = countKept(keep, old.nnz()) + grown;
    try (Making result = new Making()) {
      CsrMatrix csr = result.csr(old.rows(), old.columns(), nnz);
      List<DeviceBuffer> state = new ArrayList<>();
      for (int array = 0; array < weights.state().size(); array++) {
        state.add(result.allocate(ElementType.FLOAT32, nnz));
      }
      beginRebuild(old, keep, positions, grown, initial, valueKey, keepRegrown, csr)
          .put((long) state.size());
      for (int array = 0; array < state.size(); array++) {
        encoder.floats(weights.state().get(array), old.nnz()).floats(state.get(array), nnz);
      }
      encoder.end();
      result.keepAll();
      weights.replace(csr, state);
    }
  }

  /** Writes a rebuild up to the number of state arrays. */
  private Encoder beginRebuild(
      CsrMatrix old,
      DeviceBuffer keep,
      DeviceBuffer positions,
      int grown,
      ValueRule initial,
      long valueKey,
      boolean keepRegrown,
      CsrMatrix merged) {
    encoder.begin(Opcode.REBUILD).csr(old, 0).array(keep, ElementType.INT32, old.nnz());
    if (grown > 0) {
      encoder.array(positions, ElementType.INT64, grown);
    } else {
      encoder.put(0L);
    }
    return encoder
        .put((long) grown)
        .values(initial)
        .put(valueKey)
        .put(keepRegrown ? 1L : 0L)
        .csr(merged, 0);
  }

  @Override
  public TransposedCopy transpose(CsrMatrix weights) {
    try (Making result = new Making()) {
      CsrMatrix csr = result.csr(weights.columns(), weights.rows(), weights.nnz());
      DeviceBuffer slot = result.allocate(ElementType.INT32, weights.nnz());
      encoder
          .begin(Opcode.TRANSPOSE)
          .csr(weights, 0)
          .csr(csr, 0)
          .array(slot, ElementType.INT32, weights.nnz())
          .end();
      result.keepAll();
      return new TransposedCopy(csr, slot);
    }
  }
}
