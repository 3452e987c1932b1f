/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import org.espalier.UserException;

/** Which samples are for training and which for testing. */
public sealed interface SplitRequest {

  /** The split that the set comes with; a set in one part is split {@link #DEFAULT_RANDOM}ly. */
  SplitRequest AUTO = new Auto();

  /** One third for testing, drawn class by class. */
  Random DEFAULT_RANDOM = new Random(1.0 / 3, true);

  /** Returns whether the set's own test part is used, if it has one. */
  default boolean usesTestPart() {
    return this instanceof Auto || this instanceof Given;
  }

  /** The set's own split, or a random one if it has none. */
  record Auto() implements SplitRequest {}

  /** The training and the test file; an error if the set has one part only. */
  record Given() implements SplitRequest {}

  /**
   * A random share of the rows, keyed by the seed of the request: the same seed draws the same
   * rows. Of a set that has a test file, only the training file is split, and the test file stays
   * unread: that is how a validation set is cut off.
   *
   * @param testFraction share of the rows that are for testing, above 0 and below 1; the count is
   *     exact after rounding, and leaves at least one row on either side
   * @param stratified whether each class is split in the same proportion, as exactly as whole rows
   *     allow
   */
  record Random(double testFraction, boolean stratified) implements SplitRequest {

    /** Checks the share. */
    public Random {
      if (!(testFraction > 0 && testFraction < 1)) {
        throw new UserException(
            "The test fraction is " + testFraction + ", expected a number above 0 and below 1.");
      }
    }
  }

  /**
   * The first rows of the file are for training, the others for testing. Of a set that has a test
   * file, only the training file is split.
   *
   * @param trainRows how many rows are for training, at least 1
   */
  record First(int trainRows) implements SplitRequest {

    /** Checks the count. */
    public First {
      if (trainRows < 1) {
        throw new UserException(
            "The number of training rows is " + trainRows + ", expected at least 1.");
      }
    }
  }
}
