/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * Images that a kernel reads in the blocks of some grid: where they lie if that is their own grid,
 * else out of a copy of each block.
 */
final class PixelSource {

  private final float[][] scratch;
  private float[] data;
  private int start;
  private int stride;
  private int images;
  private ImageGrid own;
  private ImageGrid wanted;

  PixelSource(WorkerPool pool) {
    this.scratch = new float[pool.threads()][0];
  }

  void set(Tensor tensor, ImageGrid grid, PixelBlocks blocks) {
    data = floats(tensor.buffer());
    start = start(tensor);
    stride = tensor.stride();
    images = grid.images(tensor);
    own = grid;
    wanted = blocks.grid();
    Lanes.vectors(tensor);
  }

  void release() {
    data = null;
  }

  private boolean direct() {
    return own.lines() == wanted.lines() && own.pitch() == wanted.pitch();
  }

  /** Returns what {@link #at} is an index of. */
  float[] array(int worker) {
    return direct() ? data : scratch[worker];
  }

  /** Makes some positions of a row readable and returns where they are. */
  int at(int row, int from, int count, int worker) {
    int origin = start + row * stride;
    if (direct()) {
      return origin + from;
    }
    int pitch = wanted.pitch();
    int length = BASE + count + 2 * pitch + L;
    if (scratch[worker].length < length) {
      scratch[worker] = new float[length];
    }
    int first = from / pitch;
    int image = first / wanted.lines();
    int y = first % wanted.lines();
    for (int line = first; line * pitch < from + count; line++) {
      if (y < own.height() && image < images) {
        int at = origin + (image * own.lines() + y) * own.pitch();
        copyLine(data, at, scratch[worker], BASE + (line - first) * pitch, own.width());
      }
      if (++y == wanted.lines()) {
        y = 0;
        image++;
      }
    }
    return BASE + from - first * pitch;
  }

  /** Copies whole vectors; what is too much is in the halo, or under the next line. */
  private static void copyLine(float[] source, int from, float[] target, int to, int width) {
    for (int i = 0; i < width; i += L) {
      FloatVector.fromArray(Lanes.F, source, from + i).intoArray(target, to + i);
    }
  }
}
