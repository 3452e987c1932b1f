/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

/** Laws that degrees may follow instead of a power law, from a smallest degree on. */
sealed interface TailModel permits TailModel.Exponential, TailModel.Poisson {

  /** Returns the name, as part of a sentence. */
  String label();

  /**
   * Returns for each degree of the tail the logarithm of its probability under the law of this kind
   * that has the largest likelihood.
   */
  double[] logProbabilities(DegreeHistogram tail);

  private static double mean(DegreeHistogram tail) {
    double sum = 0;
    for (int i = 0; i < tail.values().length; i++) {
      sum += tail.counts()[i] * (double) tail.values()[i];
    }
    return sum / tail.neurons();
  }

  /** {@code P(x) = (1 - r) * r^(x - xmin)}: degrees of a network that grows without preference. */
  record Exponential() implements TailModel {

    @Override
    public String label() {
      return "exponential";
    }

    @Override
    public double[] logProbabilities(DegreeHistogram tail) {
      int xmin = tail.values()[0];
      double excess = mean(tail) - xmin;
      double logRatio = -Math.log1p(1 / excess);
      double logFirst = -Math.log1p(excess);
      double[] logs = new double[tail.values().length];
      for (int i = 0; i < logs.length; i++) {
        logs[i] = logFirst + (tail.values()[i] - xmin) * logRatio;
      }
      return logs;
    }
  }

  /** Poisson from xmin on: degrees of a sparse layer drawn at random. */
  record Poisson() implements TailModel {

    @Override
    public String label() {
      return "Poisson";
    }

    @Override
    public double[] logProbabilities(DegreeHistogram tail) {
      int xmin = tail.values()[0];
      double logRate = mostLikely(xmin, mean(tail));
      double[] logs = new double[tail.values().length];
      double log = -new Sums(xmin, Math.exp(logRate)).log;
      int x = xmin;
      for (int i = 0; i < logs.length; i++) {
        for (; x < tail.values()[i]; x++) {
          log += logRate - Math.log(x + 1);
        }
        logs[i] = log;
      }
      return logs;
    }

    /** The likelihood is largest where the law has the mean of the data. */
    private static double mostLikely(int xmin, double mean) {
      double low = Math.log(mean) - 30;
      double high = Math.log(mean);
      for (int round = 0; round < 60; round++) {
        double middle = (low + high) / 2;
        if (xmin + new Sums(xmin, Math.exp(middle)).mean < mean) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return (low + high) / 2;
    }
  }

  /** The sum over k of {@code w_k = P(xmin + k) / P(xmin)} of a Poisson law, and the mean k. */
  final class Sums {

    private final double log;
    private final double mean;

    private Sums(int xmin, double rate) {
      double largest = 0; // terms may overflow, so all are relative to the largest so far
      double sum = 0;
      double weighted = 0;
      double term = 0;
      for (int k = 0; k == 0 || rate > xmin + k || term - largest > -40; k++) {
        if (term > largest) {
          double shrink = Math.exp(largest - term);
          sum *= shrink;
          weighted *= shrink;
          largest = term;
        }
        double weight = Math.exp(term - largest);
        sum += weight;
        weighted += k * weight;
        term += Math.log(rate / (xmin + k + 1));
      }
      log = largest + Math.log(sum);
      mean = weighted / sum;
    }
  }
}
