/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

/**
 * Where a backend reads the samples of a batch from, a piece at a time, into host memory of its
 * own: a small block that is still in the cache when it is transposed, or staged for a device.
 */
@FunctionalInterface
public interface SampleReader extends SampleArray {

  /**
   * Writes neighbouring features of one sample: feature {@code f} goes to {@code target[at + f -
   * firstFeature]} for {@code f} in {@code [firstFeature, endFeature)}. Nothing else of {@code
   * target} is touched. Called from several threads at once, in any order.
   *
   * @param position the sample's place in the batch, from 0
   */
  void read(int position, int firstFeature, int endFeature, float[] target, int at);
}
