/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

/**
 * What a new connection starts with, as a pure function of a key and the connection's canonical
 * position; no order of creation and no thread can change it.
 *
 * <p>The normal draw is a sum of twelve 16-bit uniforms (Irwin-Hall): integer arithmetic only, so
 * every device produces the same bits.
 *
 * @param kind the distribution
 * @param scale standard deviation of NORMAL, half width of UNIFORM, ignored by ZERO
 */
public record ValueRule(Kind kind, float scale) {

  /** Distributions of initial weights, all centred on zero. */
  public enum Kind {
    /** Always 0. */
    ZERO,
    /** Normal with standard deviation {@code scale}, cut at 6 deviations. */
    NORMAL,
    /** Uniform on {@code [-scale, scale)}. */
    UNIFORM
  }

  /** Every new connection starts at 0. */
  public static final ValueRule ZEROS = new ValueRule(Kind.ZERO, 0);

  /** Returns the value of the connection at {@code position}. */
  public float valueAt(long key, long position) {
    return switch (kind) {
      case ZERO -> 0f;
      case UNIFORM -> scale * (((int) (Keys.hash(key, position) >>> 40) - (1 << 23)) * 0x1p-23f);
      case NORMAL -> scale * normal(Keys.hash(key, position));
    };
  }

  private static float normal(long hash) {
    int sum = 0;
    long bits = hash;
    for (int word = 0; word < 3; word++) {
      sum += (int) (bits & 0xffff) + (int) (bits >>> 16 & 0xffff);
      sum += (int) (bits >>> 32 & 0xffff) + (int) (bits >>> 48);
      bits = Keys.mix(bits + word + 1);
    }
    return (sum - 6 * 0xffff) * 0x1p-16f;
  }
}
