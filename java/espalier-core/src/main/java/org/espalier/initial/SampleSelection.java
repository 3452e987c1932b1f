/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.Arrays;
import org.espalier.sparse.KeyedPermutation;
import org.espalier.sparse.Keys;
import org.espalier.train.ChosenSamples;
import org.espalier.train.SampleSource;

/** Chooses samples of a source to score connections with. */
public final class SampleSelection {

  private static final int PURPOSE = 0x696e6974;

  private SampleSelection() {}

  /**
   * Chooses samples at random.
   *
   * @param count how many, or all if there are fewer
   */
  public static ChosenSamples random(SampleSource source, int count, long seed) {
    return ChosenSamples.draw(source, count, Keys.of(seed, PURPOSE));
  }

  /**
   * Chooses as many samples of one class as of another, at random.
   *
   * @param perClass how many of each class, or all it has if they are fewer
   */
  public static ChosenSamples balanced(SampleSource source, int perClass, long seed) {
    KeyedPermutation order = new KeyedPermutation(source.size(), Keys.of(seed, PURPOSE));
    int[] ofClass = new int[source.classes()];
    int[] chosen = new int[(int) Math.min(source.size(), (long) perClass * source.classes())];
    int found = 0;
    for (int i = 0; i < source.size() && found < chosen.length; i++) {
      int sample = (int) order.apply(i);
      if (ofClass[source.label(sample)]++ < perClass) {
        chosen[found++] = sample;
      }
    }
    return new ChosenSamples(source, Arrays.copyOf(chosen, found));
  }
}
