/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.sparse.KeyedPermutation;

/**
 * Some samples of a source.
 *
 * @param all the source
 * @param rows which of them, in the order in which they are to come
 */
public record ChosenSamples(SampleSource all, int[] rows) implements SampleSource {

  /**
   * Draws so many samples, or takes all if there are no more, in the order of the source; the key
   * alone decides which.
   */
  public static ChosenSamples draw(SampleSource all, int count, long key) {
    if (count >= all.size()) {
      return new ChosenSamples(all, IntStream.range(0, all.size()).toArray());
    }
    KeyedPermutation order = new KeyedPermutation(all.size(), key);
    int[] rows = IntStream.range(0, count).map(i -> (int) order.apply(i)).sorted().toArray();
    return new ChosenSamples(all, rows);
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public int features() {
    return all.features();
  }

  @Override
  public int classes() {
    return all.classes();
  }

  @Override
  public void read(int sample, int firstFeature, int endFeature, float[] target, int at) {
    all.read(rows[sample], firstFeature, endFeature, target, at);
  }

  @Override
  public Optional<FeatureScaling> scaling() {
    return all.scaling();
  }

  @Override
  public int label(int sample) {
    return all.label(rows[sample]);
  }
}
