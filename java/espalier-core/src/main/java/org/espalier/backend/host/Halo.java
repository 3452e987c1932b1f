/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.Arrays;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Writes zeros between the images of a row, where the taps of a convolution read them. */
public final class Halo {

  private Halo() {}

  /**
   * Clears the halo of every row, and the row from the last position up to the stride.
   *
   * @param grid null for a tensor that holds no images
   */
  public static void clear(Tensor x, ImageGrid grid) {
    if (grid == null) {
      return;
    }
    for (int r = 0; r < x.rows(); r++) {
      clearRow(x, grid, r);
    }
  }

  /** Clears the halo of one row, up to the stride. */
  public static void clearRow(Tensor x, ImageGrid grid, int row) {
    int start = HostBuffer.start(x) + row * x.stride();
    int end = x.positions();
    clear(HostBuffer.floats(x.buffer()), start, 0, end, end, x.stride(), grid);
  }

  /**
   * Clears the halo in a stretch of a row, and after the last position up to the stride.
   *
   * @param data what the row is in
   * @param row where position 0 of it is
   * @param from first position
   * @param to position after the last of the stretch, which may end beyond the positions
   */
  public static void clear(
      float[] data, int row, int from, int to, int positions, int stride, ImageGrid grid) {
    clear(data, row, from, Math.min(to, positions), grid);
    if (to >= positions) {
      Arrays.fill(data, row + positions, row + stride, 0);
    }
  }

  /**
   * Clears the halo in a stretch of a row.
   *
   * @param data what the row is in
   * @param row where position 0 of it is
   * @param from first position
   * @param to position after the last
   */
  private static void clear(float[] data, int row, int from, int to, ImageGrid grid) {
    if (grid.isDense()) {
      return;
    }
    int pitch = grid.pitch();
    int width = grid.width();
    int height = grid.height();
    int lines = grid.lines();
    int line = from / pitch % lines;
    for (int at = from / pitch * pitch; at < to; at += pitch) {
      int end = Math.min(at + pitch, to);
      for (int p = Math.max(line < height ? at + width : at, from); p < end; p++) {
        data[row + p] = 0;
      }
      line = line + 1 == lines ? 0 : line + 1;
    }
  }
}
