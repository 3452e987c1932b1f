/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

/** The grey of a colour: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601). */
final class Luma {

  private Luma() {}

  static int of(int red, int green, int blue) {
    return 19595 * red + 38470 * green + 7471 * blue + 0x8000 >> 16;
  }
}
