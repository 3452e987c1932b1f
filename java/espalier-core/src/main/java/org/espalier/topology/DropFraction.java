/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

/** The share of a layer's connections that an update prunes and grows again, over a run. */
public sealed interface DropFraction {

  /**
   * Returns the fraction, in [0, 1].
   *
   * @param progress share of the updating part of the run that is done, in [0, 1]
   */
  double at(double progress);

  private static void check(double fraction) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("drop fraction is " + fraction + "; expected in [0, 1]");
    }
  }

  /** Always the same (SET). */
  record Constant(double fraction) implements DropFraction {

    /** Checks the fraction. */
    public Constant {
      check(fraction);
    }

    @Override
    public double at(double progress) {
      return fraction;
    }
  }

  /**
   * Half a period of a cosine (RigL, with {@code last} 0; GraNet and ITOP, with 0.005).
   *
   * @param first at the start
   * @param last at the end
   */
  record Cosine(double first, double last) implements DropFraction {

    /** Checks both. */
    public Cosine {
      check(first);
      check(last);
    }

    @Override
    public double at(double progress) {
      return last + (first - last) / 2 * (1 + StrictMath.cos(Math.PI * progress));
    }
  }

  /**
   * A power of what is left of the run: {@code last + (first - last) (1 - progress)^power}; 1 is
   * linear (RigL's code calls it exponential).
   *
   * @param first at the start
   * @param last at the end
   * @param power above 0
   */
  record Power(double first, double last, double power) implements DropFraction {

    /** Checks all. */
    public Power {
      check(first);
      check(last);
      if (!(power > 0 && power < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("power is " + power + "; expected above 0");
      }
    }

    @Override
    public double at(double progress) {
      return last + (first - last) * StrictMath.pow(1 - progress, power);
    }
  }
}
