/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.Arrays;
import java.util.Optional;
import org.espalier.sparse.KeyedPermutation;
import org.espalier.sparse.Keys;
import org.espalier.train.FeatureScaling;
import org.espalier.train.SampleSource;

/** Some samples of a source, to score connections with. */
public final class SampleSelection implements SampleSource {

  private static final int PURPOSE = 0x696e6974;

  private final SampleSource source;
  private final int[] chosen;

  private SampleSelection(SampleSource source, int[] chosen) {
    this.source = source;
    this.chosen = chosen;
  }

  /**
   * Chooses samples at random.
   *
   * @param count how many, or all if there are fewer
   */
  public static SampleSelection random(SampleSource source, int count, long seed) {
    return choose(source, Math.min(count, source.size()), Integer.MAX_VALUE, seed);
  }

  /**
   * Chooses as many samples of one class as of another, at random.
   *
   * @param perClass how many of each class, or all it has if they are fewer
   */
  public static SampleSelection balanced(SampleSource source, int perClass, long seed) {
    int most = (int) Math.min(source.size(), (long) perClass * source.classes());
    return choose(source, most, perClass, seed);
  }

  private static SampleSelection choose(SampleSource source, int count, int perClass, long seed) {
    KeyedPermutation order = new KeyedPermutation(source.size(), Keys.of(seed, PURPOSE));
    int[] ofClass = new int[source.classes()];
    int[] chosen = new int[count];
    int found = 0;
    for (int i = 0; i < source.size() && found < count; i++) {
      int sample = (int) order.apply(i);
      if (ofClass[source.label(sample)]++ < perClass) {
        chosen[found++] = sample;
      }
    }
    return new SampleSelection(source, Arrays.copyOf(chosen, found));
  }

  @Override
  public int size() {
    return chosen.length;
  }

  @Override
  public int features() {
    return source.features();
  }

  @Override
  public int classes() {
    return source.classes();
  }

  @Override
  public void read(int sample, int firstFeature, int endFeature, float[] target, int at) {
    source.read(chosen[sample], firstFeature, endFeature, target, at);
  }

  @Override
  public Optional<FeatureScaling> scaling() {
    return source.scaling();
  }

  @Override
  public int label(int sample) {
    return source.label(chosen[sample]);
  }
}
