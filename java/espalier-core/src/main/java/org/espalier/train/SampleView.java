/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.Optional;

/**
 * A source that shows another one in its own way, and is like it in all that it leaves as it is. It
 * may show other numbers, so it stands in no array unless it says so.
 */
public interface SampleView extends SampleSource {

  /** Returns the source that it shows. */
  SampleSource source();

  @Override
  default int size() {
    return source().size();
  }

  @Override
  default int features() {
    return source().features();
  }

  @Override
  default int classes() {
    return source().classes();
  }

  @Override
  default void read(int sample, int firstFeature, int endFeature, float[] target, int at) {
    source().read(sample, firstFeature, endFeature, target, at);
  }

  @Override
  default Optional<FeatureScaling> scaling() {
    return source().scaling();
  }

  @Override
  default int label(int sample) {
    return source().label(sample);
  }
}
