/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.stream.IntStream;
import org.espalier.sparse.KeyedPermutation;

/**
 * Some samples of a source.
 *
 * @param source all of them
 * @param rows which of them, in the order in which they are to come
 */
public record ChosenSamples(SampleSource source, int[] rows) implements SampleView {

  /**
   * Draws so many samples, or takes all if there are no more, in the order of the source; the key
   * alone decides which.
   */
  public static ChosenSamples draw(SampleSource source, int count, long key) {
    if (count >= source.size()) {
      return new ChosenSamples(source, IntStream.range(0, source.size()).toArray());
    }
    KeyedPermutation order = new KeyedPermutation(source.size(), key);
    int[] rows = IntStream.range(0, count).map(i -> (int) order.apply(i)).sorted().toArray();
    return new ChosenSamples(source, rows);
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public void read(int sample, int firstFeature, int endFeature, float[] target, int at) {
    source.read(rows[sample], firstFeature, endFeature, target, at);
  }

  @Override
  public float[] array(int sample) {
    return source.array(rows[sample]);
  }

  @Override
  public int start(int sample) {
    return source.start(rows[sample]);
  }

  @Override
  public int label(int sample) {
    return source.label(rows[sample]);
  }
}
