/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import java.util.Optional;
import org.espalier.sparse.Keys;

/**
 * How likely degrees that do follow the fitted law would be as far from their own best fit, by the
 * semi-parametric bootstrap of Clauset, Shalizi and Newman (2009, section 4.1): a replica has as
 * many neurons; each is, with the probability of the tail, a draw from the law, and otherwise a
 * draw from the degrees below xmin; then everything is fitted anew, xmin included.
 *
 * @param p share of replicas that were farther off; a power law is ruled out if it is at most 0.1
 * @param replicas how many there were
 */
record GoodnessOfFit(double p, int replicas) {

  /** A p of 0.1 is told to about 0.02 with these. */
  private static final int MOST = 200;

  private static final int FEWEST = 40;

  /** Draws in all; wider layers get fewer replicas. */
  private static final int DRAWS = 4_000_000;

  /** Stops as soon as so many replicas were farther off: p is far above 0.1 then. */
  private static final int ENOUGH = 40;

  /** Stops after so many replicas if none was farther off: p is below 0.1 almost certainly. */
  private static final int NONE = 60;

  private static final int TABLE = 1024;

  /** Returns the result; the same for the same seed. */
  static GoodnessOfFit of(DegreeHistogram degrees, PowerLawFit fit, long seed) {
    int most = Math.max(FEWEST, Math.min(MOST, DRAWS / degrees.neurons()));
    Sampler sampler = new Sampler(degrees, fit);
    int farther = 0;
    int replicas = 0;
    while (replicas < most && farther < ENOUGH && !(farther == 0 && replicas == NONE)) {
      DegreeHistogram replica = sampler.draw(Keys.of(seed, replicas));
      Optional<PowerLawFit> refit = PowerLawFit.of(replica);
      farther += refit.isPresent() && refit.get().distance() >= fit.distance() ? 1 : 0;
      replicas++;
    }
    return new GoodnessOfFit(farther / (double) replicas, replicas);
  }

  /** Draws replicas. */
  private static final class Sampler {

    private final int neurons;
    private final double tailShare;
    private final int[] below;
    private final PowerLaw law;
    private final double[] atLeast = new double[TABLE];

    Sampler(DegreeHistogram degrees, PowerLawFit fit) {
      neurons = degrees.neurons();
      law = fit.law();
      tailShare = fit.tail().neurons() / (double) neurons;
      below = new int[neurons - fit.tail().neurons()];
      int at = 0;
      for (int i = 0; at < below.length; i++) {
        for (int c = 0; c < degrees.counts()[i]; c++) {
          below[at++] = degrees.values()[i];
        }
      }
      for (int i = 0; i < TABLE; i++) {
        atLeast[i] = law.atLeast(law.xmin() + i);
      }
    }

    DegreeHistogram draw(long key) {
      int[] drawn = new int[neurons];
      for (int i = 0; i < neurons; i++) {
        double u = uniform(key, 2L * i);
        double v = uniform(key, 2L * i + 1);
        drawn[i] = u < tailShare ? fromLaw(v) : below[(int) (v * below.length)];
      }
      return DegreeHistogram.of(drawn);
    }

    private static double uniform(long key, long index) {
      return (Keys.hash(key, index) >>> 11) * 0x1p-53;
    }

    /** Looks up the largest degree with {@code atLeast > u}. */
    private int fromLaw(double u) {
      if (atLeast[TABLE - 1] > u) {
        return law.quantile(u, law.xmin() + TABLE - 1);
      }
      int low = 0;
      int high = TABLE - 1;
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        if (atLeast[middle] > u) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return law.xmin() + low;
    }
  }
}
