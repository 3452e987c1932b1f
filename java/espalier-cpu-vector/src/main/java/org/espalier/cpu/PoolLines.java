/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.espalier.sparse.Kernel;
import org.espalier.tensor.ImageGrid;

/**
 * The lines of an image that a line of maximum pooling takes, each with its padding at both ends;
 * scratch memory of one thread.
 */
final class PoolLines {

  private float[] lines = new float[0];
  private int length;
  private int count;
  private int firstOfImage;

  /** Copies the lines of the windows in line {@code i} of the output. */
  void load(Kernel window, float[] x, int image, ImageGrid grid, int i) {
    int padding = window.padding();
    length = (padding + grid.width() + padding + 4 * L) / L * L; // and what vectors read too much
    if (lines.length < BASE + window.height() * length + L) {
      lines = new float[BASE + window.height() * length + L];
    }
    int first = i * window.stride() - padding;
    int end = Math.min(first + window.height(), grid.height());
    firstOfImage = Math.max(first, 0);
    count = Math.max(end - firstOfImage, 0);
    for (int line = 0; line < count; line++) {
      int to = BASE + line * length;
      Arrays.fill(lines, to, to + padding, Float.NEGATIVE_INFINITY);
      copy(x, image + (firstOfImage + line) * grid.pitch(), lines, to + padding, grid.width());
      int behind = to + padding + grid.width();
      Arrays.fill(lines, behind, to + length, Float.NEGATIVE_INFINITY);
    }
  }

  private static void copy(float[] source, int from, float[] target, int to, int width) {
    for (int i = 0; i < width; i += L) {
      FloatVector.fromArray(Lanes.F, source, from + i).intoArray(target, to + i);
    }
  }

  /** Returns the memory; line n is at {@code BASE + n * length()}. */
  float[] lines() {
    return lines;
  }

  int length() {
    return length;
  }

  /** Returns the number of lines. */
  int count() {
    return count;
  }

  /** Returns which line of the image the first one is. */
  int firstOfImage() {
    return firstOfImage;
  }
}
