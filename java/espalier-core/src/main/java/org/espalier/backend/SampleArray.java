/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

/**
 * Samples that may stand in arrays. Where they do, whoever reads them may read them there, in any
 * order, and need not ask for pieces.
 */
public interface SampleArray {

  /**
   * Returns the array in which a sample stands, feature after feature, or null where samples do
   * not, which holds for all of them or for none. It is for reading only. Several threads call this
   * at once.
   *
   * @param sample its number in a source, its place in a batch
   */
  default float[] array(int sample) {
    return null;
  }

  /**
   * Returns where in its array the features of a sample begin. Several threads call this at once,
   * and only where there is an array.
   *
   * @param sample its number in a source, its place in a batch
   */
  default int start(int sample) {
    throw new UnsupportedOperationException("these samples stand in no array");
  }
}
