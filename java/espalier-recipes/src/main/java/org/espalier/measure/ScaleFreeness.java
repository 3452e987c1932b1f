/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether the degrees of a layer's neurons follow a power law, by the method of Clauset, Shalizi
 * and Newman (Power-law distributions in empirical data, SIAM Review 51, 2009). The null hypothesis
 * is that they do: a small p rules the power law out, a large one does not prove it. Neurons
 * without connections are left out; a tail has 50 neurons and a quarter of all at least. Numbers
 * are NaN if there is no such tail.
 *
 * @param alpha exponent of the best power law
 * @param xmin smallest degree it describes
 * @param tail neurons with as many connections or more
 * @param neurons those with any
 * @param distance Kolmogorov-Smirnov distance between the tail and the law
 * @param p goodness of fit; at most 0.1 rules a power law out
 * @param replicas how many samples p comes from
 * @param others comparisons with other laws
 * @param verdict all this in words
 */
public record ScaleFreeness(
    double alpha,
    int xmin,
    int tail,
    int neurons,
    double distance,
    double p,
    int replicas,
    List<LikelihoodRatio> others,
    String verdict) {

  /** What Clauset and others take as beyond chance. */
  static final double SIGNIFICANT = 0.1;

  /** Copies the list. */
  public ScaleFreeness {
    others = List.copyOf(others);
  }

  /**
   * Tests degrees; takes some tens of milliseconds for a thousand neurons.
   *
   * @param degrees connections of each neuron
   * @param seed of the samples; the same seed gives the same result
   */
  public static ScaleFreeness of(int[] degrees, long seed) {
    DegreeHistogram histogram = DegreeHistogram.of(degrees);
    Optional<PowerLawFit> found = PowerLawFit.of(histogram);
    if (found.isEmpty()) {
      return none(histogram.neurons());
    }
    PowerLawFit fit = found.get();
    GoodnessOfFit goodness = GoodnessOfFit.of(histogram, fit, seed);
    List<LikelihoodRatio> others =
        List.of(
            LikelihoodRatio.of(fit, new TailModel.Poisson()),
            LikelihoodRatio.of(fit, new TailModel.Exponential()));
    return new ScaleFreeness(
        fit.law().alpha(),
        fit.law().xmin(),
        fit.tail().neurons(),
        histogram.neurons(),
        fit.distance(),
        goodness.p(),
        goodness.replicas(),
        others,
        verdict(fit, goodness, others));
  }

  private static ScaleFreeness none(int neurons) {
    return new ScaleFreeness(
        Double.NaN,
        0,
        0,
        neurons,
        Double.NaN,
        Double.NaN,
        0,
        List.of(),
        "too few neurons of different degrees to tell");
  }

  /** Tells whether there is a law at all, plausible or not. */
  public boolean hasLaw() {
    return tail > 0;
  }

  /**
   * Returns the share of the neurons with any connections that the law expects to have this many or
   * more.
   */
  public double expectedAtLeast(int degree) {
    return new PowerLaw(alpha, xmin).atLeast(degree) * tail / neurons;
  }

  private static String verdict(
      PowerLawFit fit, GoodnessOfFit goodness, List<LikelihoodRatio> others) {
    String p =
        goodness.p() == 0
            ? String.format(Locale.ROOT, "p < %.2f", Math.max(0.01, 1.0 / goodness.replicas()))
            : String.format(Locale.ROOT, "p = %.2f", goodness.p());
    if (goodness.p() <= SIGNIFICANT) {
      return "a power law is ruled out (" + p + ")";
    }
    Optional<LikelihoodRatio> better =
        others.stream().filter(LikelihoodRatio::favoursOther).findFirst();
    String from = " for degrees >= " + fit.law().xmin();
    if (better.isPresent()) {
      return String.format(
          Locale.ROOT,
          "no power law: %s distribution is better%s (log-likelihood ratio %.1f)",
          withArticle(better.get().other()),
          from,
          better.get().ratio());
    }
    String law =
        String.format(
            Locale.ROOT, "a power law is plausible%s (%s, alpha %.2f)", from, p, fit.law().alpha());
    return others.stream()
        .filter(other -> !other.favoursPowerLaw())
        .findFirst()
        .map(other -> law + ", but so is " + withArticle(other.other()) + " distribution")
        .orElse(law);
  }

  private static String withArticle(String name) {
    return ("AEIOUaeiou".indexOf(name.charAt(0)) < 0 ? "a " : "an ") + name;
  }
}
