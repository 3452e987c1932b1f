/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

/**
 * What two sets of positions have in common.
 *
 * @param both positions in both
 * @param either positions in at least one
 */
public record Overlap(long both, long either) {

  /** The overlap of nothing. */
  public static final Overlap NONE = new Overlap(0, 0);

  /** Returns the overlap of two pairs of sets that have no position in common, as layers have. */
  public Overlap plus(Overlap other) {
    return new Overlap(both + other.both, either + other.either);
  }

  /** Returns the Jaccard distance, {@code 1 - both / either}; 0 if both sets are empty. */
  public double distance() {
    return either == 0 ? 0 : 1 - both / (double) either;
  }
}
