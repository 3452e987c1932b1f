/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

/** What random choices of the suites are for; part of their keys. */
final class SuiteKeys {

  /** Training rows that the temperature is fitted to. */
  static final int TEMPERATURE_ROWS = 41;

  /** Test samples of ood and robustness. */
  static final int TEST_ROWS = 42;

  /** Samples from elsewhere. */
  static final int OTHER_ROWS = 43;

  /** Noise on test samples. */
  static final int NOISE = 44;

  /** Where PGD starts. */
  static final int START = 45;

  /** Training rows of the gradient norm. */
  static final int GRADIENT_ROWS = 46;

  private SuiteKeys() {}
}
