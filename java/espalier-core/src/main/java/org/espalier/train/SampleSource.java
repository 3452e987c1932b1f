/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.nio.FloatBuffer;

/**
 * Labelled samples that a run reads batch by batch, in any order, without ever copying the set.
 *
 * <p>Implementations are immutable and may be read from several threads at once.
 */
public interface SampleSource {

  /** Returns the number of samples. */
  int size();

  /** Returns the number of features of every sample. */
  int features();

  /** Returns the number of classes; every label lies in {@code [0, classes)}. */
  int classes();

  /**
   * Writes features of a batch in feature-major layout: feature {@code f} of {@code samples[i]}
   * goes to {@code target[offset + f * stride + i]} for {@code f} in {@code [firstFeature,
   * endFeature)} and {@code i} in {@code [0, count)}. Nothing else of {@code target} is touched.
   *
   * @param samples sample numbers in {@code [0, size)}
   * @param count how many of {@code samples} to read; at most {@code stride}
   */
  void gather(
      int[] samples,
      int count,
      int firstFeature,
      int endFeature,
      float[] target,
      int offset,
      int stride);

  /**
   * Writes the label of {@code samples[i]} to {@code target[i]} for {@code i} in {@code [0,
   * count)}.
   */
  void labels(int[] samples, int count, int[] target);

  /**
   * Returns samples held in an array, one after the other, which is used in place.
   *
   * @param rows {@code labels.length * features} finite numbers
   * @throws org.espalier.UserException if sizes, labels or numbers are not sound
   */
  static SampleSource of(float[] rows, int features, int[] labels, int classes) {
    return of(FloatBuffer.wrap(rows), features, labels, classes);
  }

  /** Returns samples held in a buffer, direct or not, from its position to its limit. */
  static SampleSource of(FloatBuffer rows, int features, int[] labels, int classes) {
    return new BufferSamples(rows, features, labels, classes);
  }
}
