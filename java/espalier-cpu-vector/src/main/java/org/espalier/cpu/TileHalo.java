/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import java.util.Arrays;
import org.espalier.tensor.ImageGrid;

/** What is no pixel in a tile of positions: found once, then cleared in each row. */
final class TileHalo {

  private int[] places = new int[0];
  private int count;

  /**
   * Takes a tile.
   *
   * @param grid null for a tensor that holds no images, of which nothing is cleared
   * @param from first position
   * @param to position after the last
   * @param positions of a row; the tile that reaches them clears up to the stride
   */
  void set(ImageGrid grid, int from, int to, int positions, int stride) {
    count = 0;
    if (grid == null) {
      return;
    }
    int last = Math.min(to, positions);
    int line = from / grid.pitch() % grid.lines();
    for (int at = from / grid.pitch() * grid.pitch(); at < last; at += grid.pitch()) {
      int behind = line < grid.height() ? at + grid.width() : at;
      add(Math.max(behind, from), Math.min(at + grid.pitch(), last));
      line = line + 1 == grid.lines() ? 0 : line + 1;
    }
    add(last, to >= positions ? stride : last);
  }

  private void add(int from, int to) {
    if (to > from && places.length < count + to - from) {
      places = Arrays.copyOf(places, Math.max(2 * places.length, count + to - from));
    }
    for (int position = from; position < to; position++) {
      places[count++] = position;
    }
  }

  /** Clears them in the row that begins there. */
  void clear(float[] data, int row) {
    for (int i = 0; i < count; i++) {
      data[row + places[i]] = 0;
    }
  }
}
