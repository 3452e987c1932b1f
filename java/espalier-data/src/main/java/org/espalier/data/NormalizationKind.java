/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

/**
 * How features are brought to a common range. What it needs to know, it learns from training rows.
 */
public enum NormalizationKind {
  /** Features as they are in the file. */
  NONE,
  /** To [0, 1]: bytes divided by 255, other features by the range that they have in training. */
  SCALE,
  /**
   * To mean 0 and standard deviation 1 in training, feature by feature; channel by channel for
   * images in files of their own, in shards, and where {@link DataRequest#images()} is given.
   */
  STANDARDIZE
}
