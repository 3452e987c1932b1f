/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

import java.util.Map;
import java.util.TreeMap;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.SampleShape;

/**
 * VGG with batch normalisation and one fully connected layer, as it is used for CIFAR: 3x3
 * convolutions in five stages of up to 512 channels (Simonyan and Zisserman, Very deep
 * convolutional networks, 2015). After the last stage comes the mean of each channel, of 2x2 pixels
 * if the image has 32x32.
 */
public final class Vgg {

  private static final Map<Integer, int[]> CONVOLUTIONS =
      new TreeMap<>(
          Map.of(
              11, new int[] {1, 1, 2, 2, 2},
              13, new int[] {2, 2, 2, 2, 2},
              16, new int[] {2, 2, 3, 3, 3},
              19, new int[] {2, 2, 4, 4, 4}));
  private static final int FIRST = 64;
  private static final int MOST = 512;

  private Vgg() {}

  /**
   * Returns the network for such images.
   *
   * @throws org.espalier.UserException if there is none of this depth
   */
  public static NetworkSpec spec(SampleShape image, int classes, NetworkSettings settings) {
    settings.checkNoDropout("vgg");
    int[] stages = Depths.of(CONVOLUTIONS, settings, "vgg");
    Layers layers = Layers.of(image, settings);
    for (int stage = 0; stage < stages.length; stage++) {
      if (stage > 0) {
        layers.halve();
      }
      for (int i = 0; i < stages[stage]; i++) {
        int outputs = settings.wide(Math.min(MOST, FIRST << stage));
        layers.convolution(outputs, 3, 1).norm().relu();
      }
    }
    return layers.classifyMeans(classes);
  }
}
