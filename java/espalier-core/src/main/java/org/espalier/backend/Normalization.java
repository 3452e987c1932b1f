/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

/**
 * The constants of batch normalisation.
 *
 * @param epsilon added to the variance; above 0
 * @param momentum share of a batch in the running statistics, in [0, 1]
 */
public record Normalization(float epsilon, float momentum) {

  /** As most frameworks have it. */
  public static final Normalization USUAL = new Normalization(1e-5f, 0.1f);

  /** Checks the constants. */
  public Normalization {
    if (!(epsilon > 0) || !(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          "normalisation with epsilon %s and momentum %s".formatted(epsilon, momentum));
    }
  }
}
