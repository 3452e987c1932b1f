/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

/**
 * Unsigned bytes kept less 128: signed bytes become floats in one vector instruction (JDK 25), for
 * unsigned ones compilers make a loop that is six times slower.
 */
public final class ShiftedBytes {

  private static final int ZERO = 128;

  private ShiftedBytes() {}

  /** Fills {@code target} with what keeps the unsigned bytes from {@code values[from]} on. */
  public static void store(byte[] values, int from, byte[] target) {
    for (int k = 0; k < target.length; k++) {
      target[k] = (byte) (values[from + k] - ZERO);
    }
  }

  /** Writes bytes kept from {@code stored[from]} on as floats, 0 to 255. */
  public static void read(byte[] stored, int from, int count, float[] target, int at) {
    for (int k = 0; k < count; k++) {
      target[at + k] = stored[from + k] + (float) ZERO;
    }
  }
}
