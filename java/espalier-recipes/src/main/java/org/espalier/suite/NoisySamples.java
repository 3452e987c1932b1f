/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import org.espalier.sparse.Keys;
import org.espalier.sparse.ValueRule;
import org.espalier.train.SampleSource;
import org.espalier.train.SampleView;

/**
 * Samples with Gaussian noise on every feature before normalisation, clipped to the feature's
 * range.
 *
 * @param source the samples
 * @param range of their features
 * @param noise normal, in shares of the range
 * @param key decides the noise, with the sample's number and the feature's
 */
record NoisySamples(SampleSource source, ValueRange range, ValueRule noise, long key)
    implements SampleView {

  static NoisySamples of(SampleSource clean, ValueRange range, SuiteSettings settings) {
    ValueRule noise = new ValueRule(ValueRule.Kind.NORMAL, (float) settings.noiseDeviation());
    return new NoisySamples(clean, range, noise, Keys.of(settings.seed(), SuiteKeys.NOISE));
  }

  @Override
  public void read(int sample, int firstFeature, int endFeature, float[] target, int at) {
    source.read(sample, firstFeature, endFeature, target, at);
    long ofSample = Keys.hash(key, sample);
    for (int f = firstFeature; f < endFeature; f++) {
      int i = at + f - firstFeature;
      double moved = target[i] + noise.valueAt(ofSample, f) * range.width(f);
      target[i] = range.clip(moved, f, target[i]);
    }
  }
}
