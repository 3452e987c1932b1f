/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.backend.SampleArray;

/**
 * One pass over samples in a known order, so that a source which has to decode them, or changes
 * them by chance, can do so ahead of the device. Places count from 0 in the order of the pass.
 *
 * <p>One thread calls {@link #prepare}; only {@link #read}, {@link #array} and {@link #start} come
 * from several threads at once.
 */
public interface SamplePass extends SampleArray, AutoCloseable {

  /**
   * Waits until a batch can be read, which takes the place of the one before.
   *
   * @param first place of the first sample
   * @param count samples of the batch; after the last place come those from 0 on
   * @param following how many places after these will be asked for next; 0 if the pass does not go
   *     on from here
   * @throws org.espalier.UserException if a sample cannot be had
   */
  void prepare(int first, int count, int following);

  /**
   * Writes neighbouring features of one sample, as {@link SampleSource#read}.
   *
   * @param position in the batch, from 0
   */
  void read(int position, int firstFeature, int endFeature, float[] target, int at);

  /**
   * Returns the label of a sample, in {@code [0, classes)}.
   *
   * @param position in the batch, from 0
   */
  int label(int position);

  /** Gives up what was made ahead. */
  @Override
  void close();
}
