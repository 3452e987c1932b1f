/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.nio.FloatBuffer;
import org.espalier.UserException;

/** Samples in a float buffer, one after the other; the buffer is read in place and never copied. */
final class BufferSamples implements SampleSource {

  private final FloatBuffer rows;
  private final float[] array; // null for a direct or read-only buffer
  private final int arrayStart;
  private final int features;
  private final int[] labels;
  private final int classes;

  BufferSamples(FloatBuffer rows, int features, int[] labels, int classes) {
    if (features < 1 || rows.remaining() != (long) features * labels.length) {
      throw new UserException(
          "%,d numbers were given for %,d labels of %,d features each; expected %,d."
              .formatted(
                  rows.remaining(), labels.length, features, (long) features * labels.length));
    }
    if (classes < 1) {
      throw new UserException(
          "The number of classes is %d; expected at least 1.".formatted(classes));
    }
    this.rows = rows.slice().asReadOnlyBuffer();
    this.array = rows.hasArray() ? rows.array() : null;
    this.arrayStart = rows.hasArray() ? rows.arrayOffset() + rows.position() : 0;
    this.features = features;
    this.labels = labels.clone();
    this.classes = classes;
    check();
  }

  private void check() {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new UserException(
            "The label of sample %d is %d; expected 0 to %d.".formatted(i, labels[i], classes - 1));
      }
      for (int f = 0; f < features; f++) {
        float value = rows.get(i * features + f);
        if (!Float.isFinite(value)) {
          throw new UserException(
              "Feature %d of sample %d is %s; expected a finite number.".formatted(f, i, value));
        }
      }
    }
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public void read(int sample, int firstFeature, int endFeature, float[] target, int at) {
    rows.get(sample * features + firstFeature, target, at, endFeature - firstFeature);
  }

  @Override
  public float[] array(int sample) {
    return array;
  }

  @Override
  public int start(int sample) {
    return arrayStart + sample * features;
  }

  @Override
  public int label(int sample) {
    return labels[sample];
  }
}
