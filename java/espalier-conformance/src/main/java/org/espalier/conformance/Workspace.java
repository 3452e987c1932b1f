/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.espalier.backend.Backend;
import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * Inputs and outputs of one case in the memory of one backend.
 *
 * <p>Whatever does not count is NaN: the padding of rows, a guard before and after each tensor, the
 * spare elements of arrays, and outputs before the run. A result that depends on any of it is NaN
 * itself, and a write to what is not the operation's to write is found afterwards.
 */
final class Workspace implements AutoCloseable {

  private static final int GUARD = Tensor.ROW_ALIGNMENT;
  private static final int SPARE = 3;

  private final Backend backend;
  private final Memory memory;
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final List<Watch> watches = new ArrayList<>();
  private long draws;

  /** Memory as it was before the run, and which elements the operation may change. */
  private record Watch(DeviceBuffer buffer, float[] before, boolean[] free) {}

  Workspace(Backend backend) {
    this.backend = backend;
    this.memory = backend.memory();
  }

  Backend backend() {
    return backend;
  }

  /**
   * Returns a tensor to read: random numbers in [-scale, scale], a quarter of them zero. Scale NaN
   * makes the other three quarters NaN.
   */
  Tensor input(int rows, Batch batch, float scale) {
    float[] values = random(rows * batch.positions(), scale);
    for (int i = 0; i < values.length; i++) {
      if (Keys.hash(draws, i) >>> 62 == 0) {
        values[i] = 0;
      }
    }
    return tensor(rows, batch, values, false);
  }

  /** Returns a tensor to read, of numbers in [-1, 1]. */
  Tensor input(int rows, Batch batch) {
    return input(rows, batch, 1);
  }

  /** Returns a tensor to read, of these numbers row by row. */
  Tensor input(int rows, Batch batch, float[] values) {
    return tensor(rows, batch, values, false);
  }

  /** Returns a tensor that is read and then overwritten. */
  Tensor inPlace(int rows, Batch batch, float scale) {
    Tensor tensor = input(rows, batch, scale);
    Watch last = watches.remove(watches.size() - 1);
    boolean[] free = last.free().clone();
    Arrays.fill(free, GUARD, free.length - GUARD, true);
    watches.add(new Watch(last.buffer(), last.before(), free));
    return tensor;
  }

  /** Returns a tensor to overwrite, or one that must not be read. */
  Tensor blank(int rows, Batch batch) {
    float[] values = new float[rows * batch.positions()];
    Arrays.fill(values, Float.NaN);
    return tensor(rows, batch, values, true);
  }

  private Tensor tensor(int rows, Batch batch, float[] values, boolean writable) {
    int stride = batch.stride();
    float[] all = new float[2 * GUARD + rows * stride];
    boolean[] free = new boolean[all.length];
    Arrays.fill(all, Float.NaN);
    Arrays.fill(free, GUARD, GUARD + rows * stride, true);
    for (int r = 0; r < rows; r++) {
      int start = GUARD + r * stride;
      System.arraycopy(values, r * batch.positions(), all, start, batch.positions());
      Arrays.fill(free, start, start + batch.positions(), writable);
    }
    return new Tensor(watched(all, free), GUARD, rows, batch.positions(), stride);
  }

  /**
   * Returns images to read: pixels in [-1, 1], zeros between them and, so that taps may point
   * there, before and after the tensor.
   *
   * @param reach of the taps
   */
  Tensor images(int rows, int images, ImageGrid grid, int reach) {
    float[] pixels = random(rows * images * grid.pixels(), 1);
    int stride = Tensor.strideFor(grid.positions(images));
    return images(rows, images, grid, stride, reach, pixels, 0, false);
  }

  /** Returns images to overwrite, whole rows up to the stride. */
  Tensor blankImages(int rows, int images, ImageGrid grid) {
    return blankImages(rows, images, grid, Tensor.strideFor(grid.positions(images)));
  }

  /** Returns images to overwrite, whole rows up to the stride. */
  Tensor blankImages(int rows, int images, ImageGrid grid, int stride) {
    return images(rows, images, grid, stride, 0, new float[0], Float.NaN, true);
  }

  /** Returns images of these pixels, row by row, and NaN wherever there is none. */
  Tensor barePixels(int rows, int images, ImageGrid grid, int stride, float[] pixels) {
    return images(rows, images, grid, stride, 0, pixels, Float.NaN, false);
  }

  /** Returns images that are read and then overwritten, whole rows up to the stride. */
  Tensor pixelsInPlace(int rows, int images, ImageGrid grid, int stride, float[] pixels) {
    return images(rows, images, grid, stride, 0, pixels, Float.NaN, true);
  }

  private Tensor images(
      int rows,
      int images,
      ImageGrid grid,
      int stride,
      int reach,
      float[] pixels,
      float elsewhere,
      boolean writable) {
    int guard = Tensor.strideFor(reach + 1);
    int positions = grid.positions(images);
    float[] all = new float[2 * guard + rows * stride];
    boolean[] free = new boolean[all.length];
    Arrays.fill(all, elsewhere);
    Arrays.fill(free, guard, guard + rows * stride, writable);
    int[] places = IntStream.range(0, positions).filter(grid::isPixel).toArray();
    for (int i = 0; i < pixels.length; i++) {
      all[guard + i / places.length * stride + places[i % places.length]] = pixels[i];
    }
    return new Tensor(watched(all, free), guard, rows, positions, stride);
  }

  /** Returns an array to read, with spare elements behind it. */
  DeviceBuffer array(float... values) {
    return array(values, false);
  }

  /** Returns an array that is read and then overwritten, with spare elements behind it. */
  DeviceBuffer inPlace(float... values) {
    return array(values, true);
  }

  /** Returns an array to overwrite, with spare elements behind it. */
  DeviceBuffer blank(int length) {
    float[] values = new float[length];
    Arrays.fill(values, Float.NaN);
    return array(values, true);
  }

  private DeviceBuffer array(float[] values, boolean writable) {
    float[] all = Arrays.copyOf(values, values.length + SPARE);
    Arrays.fill(all, values.length, all.length, Float.NaN);
    boolean[] free = new boolean[all.length];
    Arrays.fill(free, 0, values.length, writable);
    return watched(all, free);
  }

  private DeviceBuffer watched(float[] before, boolean[] free) {
    DeviceBuffer buffer = own(memory.of(before));
    watches.add(new Watch(buffer, before, free));
    return buffer;
  }

  /** Returns an INT32 array. */
  DeviceBuffer ints(int... values) {
    return own(memory.of(values));
  }

  /** Returns an INT32 array to overwrite. */
  DeviceBuffer blankInts(int length) {
    int[] values = new int[length];
    Arrays.fill(values, -1);
    return ints(values);
  }

  /** Returns a random label below {@code classes} for each position. */
  DeviceBuffer labels(int positions, int classes) {
    long key = Keys.of(2, draws++);
    int[] labels = new int[positions];
    Arrays.setAll(labels, p -> (int) Long.remainderUnsigned(Keys.hash(key, p), classes));
    return ints(labels);
  }

  /** Returns sparse weights in [-1, 1], with spare room in their arrays. */
  CsrMatrix csr(Pattern pattern) {
    return csr(pattern, random(pattern.nnz(), 1));
  }

  /** Returns sparse weights of these values. */
  CsrMatrix csr(Pattern pattern, float[] values) {
    long[] positions = pattern.positions();
    int[] column = pattern.column(positions);
    return new CsrMatrix(
        pattern.rows(),
        pattern.columns(),
        pattern.nnz(),
        ints(pattern.rowStart(positions)),
        ints(Arrays.copyOf(column, column.length + SPARE)),
        array(values));
  }

  /** Returns sparse weights in [-1, 1] that can be rebuilt. */
  SparseWeights weights(Pattern pattern) {
    return weights(pattern, Taps.NONE);
  }

  /** Returns sparse weights in [-1, 1] that can be rebuilt: their arrays have no spare room. */
  SparseWeights weights(Pattern pattern, Taps taps) {
    long[] positions = pattern.positions();
    CsrMatrix csr =
        new CsrMatrix(
            pattern.rows(),
            pattern.columns(),
            pattern.nnz(),
            memory.of(pattern.rowStart(positions)),
            memory.of(pattern.column(positions)),
            memory.of(random(pattern.nnz(), 1)),
            taps);
    return own(new SparseWeights("case", csr, ValueRule.ZEROS));
  }

  /** Returns numbers in [-scale, scale], other ones at each call. */
  float[] random(int count, float scale) {
    long key = Keys.of(1, draws++);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = scale * ((Keys.hash(key, i) >>> 40) * 0x1p-23f - 1);
    }
    return values;
  }

  /** Returns memory without a meaning yet. */
  DeviceBuffer allocate(ElementType type, long length) {
    return own(memory.allocate(type, length));
  }

  /** Closes the resource together with the workspace. */
  <T extends AutoCloseable> T own(T resource) {
    owned.push(resource);
    return resource;
  }

  /** Returns the case: what to run, and what to read afterwards. */
  PreparedCase prepared(Runnable operation, Supplier<List<Output>> results) {
    return new PreparedCase() {
      @Override
      public void run() {
        operation.run();
      }

      @Override
      public List<Output> outputs() {
        List<Output> outputs = new ArrayList<>(results.get());
        outputs.add(Results.exact("elements changed that are not an output", strayWrites()));
        return outputs;
      }

      @Override
      public void close() {
        Workspace.this.close();
      }
    };
  }

  private int strayWrites() {
    int changed = 0;
    for (Watch watch : watches) {
      float[] after = memory.floats(watch.buffer(), watch.before().length);
      for (int i = 0; i < after.length; i++) {
        boolean same = Float.floatToIntBits(after[i]) == Float.floatToIntBits(watch.before()[i]);
        changed += same || watch.free()[i] ? 0 : 1;
      }
    }
    return changed;
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (RuntimeException failure) {
        throw failure;
      } catch (Exception failure) {
        throw new IllegalStateException(failure);
      }
    }
  }
}
