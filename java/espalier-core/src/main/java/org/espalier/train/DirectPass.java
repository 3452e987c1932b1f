/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.function.IntUnaryOperator;

/** A pass over samples that are there already. */
final class DirectPass implements SamplePass {

  private final SampleSource source;
  private final IntUnaryOperator order;
  private int[] samples = new int[0];

  DirectPass(SampleSource source, IntUnaryOperator order) {
    this.source = source;
    this.order = order;
  }

  @Override
  public void prepare(int first, int count, int following) {
    if (samples.length < count) {
      samples = new int[count];
    }
    for (int i = 0; i < count; i++) {
      samples[i] = order.applyAsInt((int) ((first + (long) i) % source.size()));
    }
  }

  @Override
  public void read(int position, int firstFeature, int endFeature, float[] target, int at) {
    source.read(samples[position], firstFeature, endFeature, target, at);
  }

  @Override
  public float[] array(int position) {
    return source.array(samples[position]);
  }

  @Override
  public int start(int position) {
    return source.start(samples[position]);
  }

  @Override
  public int label(int position) {
    return source.label(samples[position]);
  }

  @Override
  public void close() {
    // nothing was opened
  }
}
