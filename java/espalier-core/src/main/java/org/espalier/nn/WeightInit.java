/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.sparse.ValueRule;

/**
 * The distribution that weights are drawn from at the start.
 *
 * @param kind which one
 * @param deviation standard deviation of NORMAL, otherwise ignored
 */
public record WeightInit(Kind kind, float deviation) {

  /** The distributions. */
  public enum Kind {
    /** Normal, variance {@code 2 / fanIn} (He et al. 2015, for ReLU-like activations). */
    HE_NORMAL,
    /** Uniform of variance {@code 2 / fanIn}. */
    HE_UNIFORM,
    /** Normal, variance {@code 2 / (fanIn + fanOut)} (Glorot and Bengio 2010). */
    XAVIER_NORMAL,
    /** Uniform of variance {@code 2 / (fanIn + fanOut)}. */
    XAVIER_UNIFORM,
    /** Normal with a fixed standard deviation. */
    NORMAL
  }

  /** He's normal distribution. */
  public static final WeightInit HE = new WeightInit(Kind.HE_NORMAL, 0);

  /** Glorot's normal distribution. */
  public static final WeightInit XAVIER = new WeightInit(Kind.XAVIER_NORMAL, 0);

  /** Returns a normal distribution of fixed width. */
  public static WeightInit normal(float deviation) {
    return new WeightInit(Kind.NORMAL, deviation);
  }

  /**
   * Returns the rule for one layer.
   *
   * @param fanIn connections into a neuron, on average; of the sparse layer if weights shall be
   *     scaled to what is there, of the dense one otherwise; counted as 1 if below, because a
   *     neuron that has connections at all has one
   * @param fanOut connections out of an input, likewise
   */
  public ValueRule rule(double fanIn, double fanOut) {
    double he = 2 / Math.max(fanIn, 1);
    double xavier = 2 / (Math.max(fanIn, 1) + Math.max(fanOut, 1));
    return switch (kind) {
      case HE_NORMAL -> new ValueRule(ValueRule.Kind.NORMAL, (float) Math.sqrt(he));
      case HE_UNIFORM -> new ValueRule(ValueRule.Kind.UNIFORM, (float) Math.sqrt(3 * he));
      case XAVIER_NORMAL -> new ValueRule(ValueRule.Kind.NORMAL, (float) Math.sqrt(xavier));
      case XAVIER_UNIFORM -> new ValueRule(ValueRule.Kind.UNIFORM, (float) Math.sqrt(3 * xavier));
      case NORMAL -> new ValueRule(ValueRule.Kind.NORMAL, deviation);
    };
  }
}
