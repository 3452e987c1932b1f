/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.espalier.backend.SampleArray;

/**
 * Labelled samples that a run reads batch by batch, in any order, without ever copying the set.
 *
 * <p>Implementations are immutable and may be read from several threads at once.
 */
public interface SampleSource extends SampleArray {

  /** Returns the number of samples. */
  int size();

  /** Returns the number of features of every sample. */
  int features();

  /** Returns the number of classes; every label lies in {@code [0, classes)}. */
  int classes();

  /**
   * Writes neighbouring features of one sample: feature {@code f} goes to {@code target[at + f -
   * firstFeature]} for {@code f} in {@code [firstFeature, endFeature)}. Nothing else of {@code
   * target} is touched. Several threads call this at once, each for some features of some samples
   * of a batch.
   *
   * @param sample in {@code [0, size)}
   */
  void read(int sample, int firstFeature, int endFeature, float[] target, int at);

  /** Returns what makes network inputs of the numbers read; empty if they are inputs already. */
  default Optional<FeatureScaling> scaling() {
    return Optional.empty();
  }

  /** Returns the label of a sample, in {@code [0, classes)}. */
  int label(int sample);

  /**
   * Begins a pass over the samples.
   *
   * @param order the sample at each place; a permutation of {@code [0, size)}
   * @param key of what chance does to the samples: the same key, order and place give the same
   *     numbers
   */
  default SamplePass pass(IntUnaryOperator order, long key) {
    return new DirectPass(this, order);
  }

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
