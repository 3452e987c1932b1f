/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

import org.espalier.nn.NetworkSpec;
import org.espalier.nn.SampleShape;
import org.espalier.sparse.Kernel;

/**
 * The convolutional network of sparse evolutionary training (Mocanu et al., Scalable training of
 * artificial neural networks with adaptive sparse connectivity, 2018): three pairs of 3x3
 * convolutions and two fully connected layers of 2048. There the convolutions are dense.
 */
public final class SetCnn {

  private static final int[] CHANNELS = {32, 64, 128};
  private static final int HIDDEN = 2048;

  private SetCnn() {}

  /** Returns the network for such images. */
  public static NetworkSpec spec(SampleShape image, int classes, NetworkSettings settings) {
    Layers layers = Layers.of(image, settings);
    Kernel kernel = Kernel.same(3, 1);
    for (int channels : CHANNELS) {
      int outputs = settings.wide(channels);
      layers.convolution(outputs, kernel, true).relu().dropout();
      layers.convolution(outputs, kernel, true).relu().halve();
    }
    layers.flatten();
    layers.hidden(settings.wide(HIDDEN)).dropout();
    layers.hidden(settings.wide(HIDDEN)).dropout();
    return layers.classify(classes);
  }
}
