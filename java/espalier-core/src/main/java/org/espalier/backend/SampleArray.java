/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

/**
 * Samples that may all stand in one array. Where they do, whoever reads them may read them there,
 * in any order, and need not ask for pieces.
 */
public interface SampleArray {

  /**
   * Returns the array in which all samples stand, each feature after feature, or null where they do
   * not. It is for reading only.
   */
  default float[] array() {
    return null;
  }

  /**
   * Returns where in the array the features of a sample begin. Several threads call this at once,
   * and only where there is an array.
   *
   * @param sample its number in a source, its place in a batch
   */
  default int start(int sample) {
    throw new UnsupportedOperationException("these samples stand in no array");
  }
}
