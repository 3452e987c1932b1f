/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.espalier.backend.Epilogue;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Sums of images in the blocks of the result. */
final class AddImagesKernel implements WorkerPool.Task {

  private final WorkerPool pool;
  private final PixelBlocks blocks = new PixelBlocks();
  private final PixelSource one;
  private final PixelSource other;
  private final RowEpilogue finish = new RowEpilogue();
  private float[] out;
  private int outStart;
  private int outStride;
  private float floor;
  private int items;
  private int parts;

  AddImagesKernel(WorkerPool pool) {
    this.pool = pool;
    this.one = new PixelSource(pool);
    this.other = new PixelSource(pool);
  }

  void run(
      Tensor a, ImageGrid ofA, Tensor b, ImageGrid ofB, Epilogue epilogue, Tensor y, ImageGrid to) {
    blocks.set(y, to);
    one.set(a, ofA, blocks);
    other.set(b, ofB, blocks);
    out = floats(y.buffer());
    outStart = start(y);
    outStride = y.stride();
    floor = epilogue.isRelu() ? 0 : Float.NEGATIVE_INFINITY;
    finish.open(epilogue.isRelu() ? Epilogue.NONE : epilogue, y);
    items = y.rows() * blocks.blocks();
    parts = Math.min(Split.parts(pool, 3L * y.rows() * blocks.end() / L), Math.max(items, 1));
    pool.run(parts, this);
    one.release();
    other.release();
    finish.close();
    out = null;
  }

  @Override
  public void run(int part, int worker) {
    int end = (int) Split.start(items, part + 1, parts);
    for (int item = (int) Split.start(items, part, parts); item < end; item++) {
      int row = item / blocks.blocks();
      int block = item % blocks.blocks();
      int from = blocks.from(block);
      int count = blocks.count(block);
      int to = outStart + row * outStride;
      int ao = one.at(row, from, count, worker);
      int bo = other.at(row, from, count, worker);
      float[] a = one.array(worker);
      float[] b = other.array(worker);
      int mask = blocks.mask(block);
      add(a, ao, b, bo, floor, blocks.masks(), mask, blocks.period(), out, to + from, count);
      finish.rows(row, row + 1, from / L, (from + count) / L);
      if (block == blocks.blocks() - 1) {
        Arrays.fill(out, to + blocks.end(), to + outStride, 0);
      }
    }
  }

  private static void add(
      float[] a,
      int ao,
      float[] b,
      int bo,
      float floor,
      int[] masks,
      int mask,
      int period,
      float[] y,
      int yo,
      int count) {
    FloatVector least = FloatVector.broadcast(Lanes.F, floor);
    for (int i = 0, m = mask; i < count; i += L) {
      FloatVector sum =
          FloatVector.fromArray(Lanes.F, a, ao + i).add(FloatVector.fromArray(Lanes.F, b, bo + i));
      sum.blend(least, sum.compare(VectorOperators.LE, least)) // NaN stays
          .reinterpretAsInts()
          .and(IntVector.fromArray(Lanes.I, masks, m))
          .reinterpretAsFloats()
          .intoArray(y, yo + i);
      m += L;
      m = m >= period ? m - period : m;
    }
  }
}
