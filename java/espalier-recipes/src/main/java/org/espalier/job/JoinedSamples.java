/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.util.Optional;
import org.espalier.train.FeatureScaling;
import org.espalier.train.SampleSource;

/**
 * The samples of one source, then those of another with the same features.
 *
 * @param first whose scaling is that of both
 * @param second what follows
 */
record JoinedSamples(SampleSource first, SampleSource second) implements SampleSource {

  @Override
  public int size() {
    return Math.addExact(first.size(), second.size());
  }

  @Override
  public int features() {
    return first.features();
  }

  @Override
  public int classes() {
    return Math.max(first.classes(), second.classes());
  }

  @Override
  public void read(int sample, int firstFeature, int endFeature, float[] target, int at) {
    if (sample < first.size()) {
      first.read(sample, firstFeature, endFeature, target, at);
    } else {
      second.read(sample - first.size(), firstFeature, endFeature, target, at);
    }
  }

  @Override
  public Optional<FeatureScaling> scaling() {
    return first.scaling();
  }

  @Override
  public int label(int sample) {
    return sample < first.size() ? first.label(sample) : second.label(sample - first.size());
  }
}
