/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import org.espalier.UserException;
import org.espalier.train.FeatureScaling;
import org.espalier.train.SampleSource;

/** The training or the test samples of a data set. */
public interface DataPart extends SampleSource {

  /**
   * Returns the same samples under another normalisation; nothing is copied.
   *
   * @throws UserException if it is for another number of features
   */
  DataPart withNormalization(FeatureScaling normalization);

  /** Returns how many of the images could not be decoded so far, each counted once. */
  default int brokenImages() {
    return 0;
  }
}
