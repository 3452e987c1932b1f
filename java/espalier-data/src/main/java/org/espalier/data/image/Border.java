/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

/** What lies outside a picture. */
public enum Border {
  /** Black. */
  ZERO,
  /** The picture mirrored at its outermost pixels, which are not repeated. */
  REFLECT,
  /** The outermost pixel, on and on. */
  NEAREST;

  /** Returns the pixel of {@code [0, size)} that stands for {@code place}, or -1 for black. */
  int inside(int place, int size) {
    if (place >= 0 && place < size) {
      return place;
    }
    return switch (this) {
      case ZERO -> -1;
      case NEAREST -> place < 0 ? 0 : size - 1;
      case REFLECT -> reflect(place, size);
    };
  }

  private static int reflect(int place, int size) {
    if (size == 1) {
      return 0;
    }
    int period = 2 * size - 2;
    int within = Math.floorMod(place, period);
    return Math.min(within, period - within);
  }
}
