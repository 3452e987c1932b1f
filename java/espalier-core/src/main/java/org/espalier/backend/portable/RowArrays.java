/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.tensor.Tensor;

/**
 * A tile of a tensor as row arrays: scratch memory that is kept from call to call.
 *
 * <p>The data of a row array is at elements {@link #FIRST} to {@code FIRST + width}; loops go from
 * {@link #FROM} to {@link #end} of the width. What is around the data is never delivered: the
 * compiler takes the element before it off a vectorised loop, so that the vectors of a JVM with
 * 64-byte objects fall on cache lines, and whole vectors at the end are faster than single
 * elements.
 */
final class RowArrays {

  /** First element of the data: 16 bytes of array header and 12 floats fill one line. */
  static final int FIRST = 12;

  /** Where loops begin. */
  static final int FROM = FIRST - 1;

  /** Width of a tile at most; narrower ones lose time at the ends of the loops. */
  static final int WIDEST = 256;

  /** Floats that a tile holds at most, unless its rows are very many: 64 MB. */
  private static final int CAPACITY = 1 << 24;

  private static final int VECTOR = 16;

  private final Team team;
  private float[][] rows = new float[0][];

  RowArrays(Team team) {
    this.team = team;
  }

  /** Returns a row array of zeros. */
  static float[] row(int width) {
    return new float[end(width)];
  }

  /** Returns where loops end. */
  static int end(int width) {
    return FIRST + (width + VECTOR - 1) / VECTOR * VECTOR;
  }

  /** Returns how wide the tiles are that so many rows of so many numbers are cut into. */
  static int tile(int rows, int width) {
    int fitting = CAPACITY / Math.max(rows, 1) / VECTOR * VECTOR;
    return Math.min(width, Math.max(VECTOR, Math.min(WIDEST, fitting)));
  }

  /** Copies positions {@code from} to {@code from + width} and returns an array for each row. */
  float[][] load(Tensor x, int from, int width) {
    reserve(x.rows(), width);
    float[] source = floats(x.buffer());
    int at = start(x) + from;
    team.spread(
        x.rows(),
        (long) x.rows() * width / 4,
        (first, last, worker) -> {
          for (int r = first; r < last; r++) {
            System.arraycopy(source, at + r * x.stride(), rows[r], FIRST, width);
          }
        });
    return rows;
  }

  /** Copies rows {@code from} to {@code from + width} and returns an array for each position. */
  float[][] loadTransposed(Tensor x, int from, int width) {
    reserve(x.positions(), width);
    float[] source = floats(x.buffer());
    int at = start(x) + from * x.stride();
    team.spread(
        x.positions(),
        (long) x.positions() * width,
        (first, last, worker) -> {
          for (int r = 0; r < width; r++) {
            for (int p = first; p < last; p++) {
              rows[p][FIRST + r] = source[at + r * x.stride() + p];
            }
          }
        });
    return rows;
  }

  private void reserve(int count, int width) {
    if (rows.length < count) {
      float[][] more = new float[count][];
      System.arraycopy(rows, 0, more, 0, rows.length);
      rows = more;
    }
    for (int r = 0; r < count; r++) {
      if (rows[r] == null || rows[r].length < end(width)) {
        rows[r] = row(width);
      }
    }
  }
}
