/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.backend.Memory;
import org.espalier.backend.TopologyOps;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.KeyedPermutation;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** Topology updates on the Java heap, shared by all CPU backends. */
public final class HostTopology implements TopologyOps {

  private static final int BASE = HostBuffer.BASE;

  private final Memory memory;

  /** Creates the operations over a memory that hands out {@link HostBuffer}s. */
  public HostTopology(HostMemory memory) {
    this.memory = memory;
  }

  @Override
  public CsrMatrix random(
      int rows, int columns, int count, long key, ValueRule initial, long valueKey) {
    long[] positions = distinct((long) rows * columns, count, key);
    CsrMatrix csr = allocate(rows, columns, count);
    int[] rowStart = HostBuffer.ints(csr.rowStart());
    int[] column = HostBuffer.ints(csr.column());
    float[] values = HostBuffer.floats(csr.values());
    int k = 0;
    for (int row = 0; row < rows; row++) {
      long base = (long) row * columns;
      for (; k < count && positions[k] < base + columns; k++) {
        column[k] = (int) (positions[k] - base);
        values[BASE + k] = initial.valueAt(valueKey, positions[k]);
      }
      rowStart[row + 1] = k;
    }
    return csr;
  }

  /** Draws distinct numbers of {@code [0, cells)}, ascending. */
  private static long[] distinct(long cells, int count, long key) {
    if (count > cells) {
      throw new IllegalArgumentException(
          "%d connections asked of %d free cells".formatted(count, cells));
    }
    long[] drawn = new long[count];
    if (count == cells) {
      Arrays.setAll(drawn, i -> i);
    } else if (count > 0) {
      KeyedPermutation permutation = new KeyedPermutation(cells, key);
      Arrays.parallelSetAll(drawn, permutation::apply);
      Arrays.parallelSort(drawn);
    }
    return drawn;
  }

  @Override
  public int pruneSignwise(CsrMatrix weights, double fraction, DeviceBuffer keep) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("fraction to prune is " + fraction + ", not in [0, 1]");
    }
    int nnz = weights.nnz();
    float[] values = HostBuffer.floats(weights.values());
    MagnitudeSelect positive = new MagnitudeSelect();
    MagnitudeSelect negative = new MagnitudeSelect();
    int negatives = 0;
    for (int k = 0; k < nnz; k++) {
      float value = values[BASE + k];
      negatives += value < 0 ? 1 : 0;
      (value < 0 ? negative : positive).count(Math.abs(value));
    }
    long goPositive = (long) Math.floor(fraction * (nnz - negatives));
    long goNegative = (long) Math.floor(fraction * negatives);
    positive.narrow(goPositive);
    negative.narrow(goNegative);
    for (int k = 0; k < nnz; k++) {
      float value = values[BASE + k];
      (value < 0 ? negative : positive).count(Math.abs(value));
    }
    positive.finish();
    negative.finish();
    int[] flags = HostBuffer.ints(keep);
    for (int k = 0; k < nnz; k++) {
      float value = values[BASE + k];
      flags[k] = (value < 0 ? negative : positive).takes(Math.abs(value)) ? 0 : 1;
    }
    return (int) (goPositive + goNegative);
  }

  @Override
  public void growRandom(
      CsrMatrix weights, DeviceBuffer keep, int count, long key, DeviceBuffer positions) {
    int[] flags = HostBuffer.ints(keep);
    int survivors = 0;
    for (int k = 0; k < weights.nnz(); k++) {
      survivors += flags[k];
    }
    long cells = (long) weights.rows() * weights.columns() - survivors;
    long[] ranks = distinct(cells, count, key);
    System.arraycopy(ranks, 0, HostBuffer.longs(positions), 0, count);
    ranksToPositions(weights, flags, HostBuffer.longs(positions), count);
  }

  /** Turns ascending ranks among absent cells into canonical positions, in place. */
  private static void ranksToPositions(CsrMatrix weights, int[] flags, long[] ranks, int count) {
    int[] rowStart = HostBuffer.ints(weights.rowStart());
    int[] column = HostBuffer.ints(weights.column());
    int passed = 0; // survivors before the current cell
    int i = 0;
    for (int row = 0; row < weights.rows() && i < count; row++) {
      long base = (long) row * weights.columns();
      for (int k = rowStart[row]; k < rowStart[row + 1]; k++) {
        if (flags[k] == 1) {
          for (; i < count && ranks[i] + passed < base + column[k]; i++) {
            ranks[i] += passed;
          }
          passed++;
        }
      }
    }
    for (; i < count; i++) {
      ranks[i] += passed;
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
    CsrMatrix old = weights.csr();
    int survivors = 0;
    int[] flags = HostBuffer.ints(keep);
    for (int k = 0; k < old.nnz(); k++) {
      survivors += flags[k];
    }
    CsrMatrix csr = allocate(old.rows(), old.columns(), survivors + grown);
    int[] source = new int[csr.nnz()]; // entry each new one continues, or -1
    long[] cells = grown == 0 ? new long[0] : HostBuffer.longs(positions);
    merge(old, flags, cells, grown, csr, source, keepRegrown);
    List<DeviceBuffer> state = new ArrayList<>();
    for (DeviceBuffer array : weights.state()) {
      DeviceBuffer moved = memory.allocate(ElementType.FLOAT32, csr.nnz());
      carry(array, source, moved);
      state.add(moved);
    }
    carry(old.values(), source, csr.values());
    fillNew(csr, source, initial, valueKey);
    weights.replace(csr, state);
  }

  private static void merge(
      CsrMatrix old,
      int[] flags,
      long[] cells,
      int grown,
      CsrMatrix csr,
      int[] source,
      boolean keepRegrown) {
    int[] oldStart = HostBuffer.ints(old.rowStart());
    int[] oldColumn = HostBuffer.ints(old.column());
    int[] rowStart = HostBuffer.ints(csr.rowStart());
    int[] column = HostBuffer.ints(csr.column());
    int n = 0;
    int g = 0;
    for (int row = 0; row < old.rows(); row++) {
      long base = (long) row * old.columns();
      for (int k = oldStart[row]; k < oldStart[row + 1]; k++) {
        long cell = base + oldColumn[k];
        for (; g < grown && cells[g] < cell; g++) {
          column[n] = (int) (cells[g] - base);
          source[n++] = -1;
        }
        boolean regrown = g < grown && cells[g] == cell;
        if (flags[k] == 1 || regrown) {
          column[n] = oldColumn[k];
          source[n++] = flags[k] == 1 || keepRegrown ? k : -1;
          g += regrown ? 1 : 0;
        }
      }
      for (; g < grown && cells[g] < base + old.columns(); g++) {
        column[n] = (int) (cells[g] - base);
        source[n++] = -1;
      }
      rowStart[row + 1] = n;
    }
  }

  private static void carry(DeviceBuffer from, int[] source, DeviceBuffer to) {
    float[] old = HostBuffer.floats(from);
    float[] moved = HostBuffer.floats(to);
    for (int n = 0; n < source.length; n++) {
      if (source[n] >= 0) {
        moved[BASE + n] = old[BASE + source[n]];
      }
    }
  }

  private static void fillNew(CsrMatrix csr, int[] source, ValueRule initial, long valueKey) {
    if (initial.kind() == ValueRule.Kind.ZERO) {
      return;
    }
    int[] rowStart = HostBuffer.ints(csr.rowStart());
    int[] column = HostBuffer.ints(csr.column());
    float[] values = HostBuffer.floats(csr.values());
    for (int row = 0; row < csr.rows(); row++) {
      for (int n = rowStart[row]; n < rowStart[row + 1]; n++) {
        if (source[n] < 0) {
          values[BASE + n] = initial.valueAt(valueKey, (long) row * csr.columns() + column[n]);
        }
      }
    }
  }

  @Override
  public TransposedCopy transpose(CsrMatrix weights) {
    CsrMatrix csr = allocate(weights.columns(), weights.rows(), weights.nnz());
    DeviceBuffer slot = memory.allocate(ElementType.INT32, weights.nnz());
    int[] rowStart = HostBuffer.ints(weights.rowStart());
    int[] column = HostBuffer.ints(weights.column());
    int[] start = HostBuffer.ints(csr.rowStart());
    int[] row = HostBuffer.ints(csr.column());
    int[] slots = HostBuffer.ints(slot);
    for (int k = 0; k < weights.nnz(); k++) {
      start[column[k] + 1]++;
    }
    for (int c = 0; c < weights.columns(); c++) {
      start[c + 1] += start[c];
    }
    int[] next = Arrays.copyOf(start, weights.columns());
    for (int r = 0; r < weights.rows(); r++) {
      for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
        int at = next[column[k]]++;
        row[at] = r;
        slots[k] = at;
      }
    }
    float[] from = HostBuffer.floats(weights.values());
    float[] to = HostBuffer.floats(csr.values());
    for (int k = 0; k < weights.nnz(); k++) {
      to[BASE + slots[k]] = from[BASE + k];
    }
    return new TransposedCopy(csr, slot);
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
