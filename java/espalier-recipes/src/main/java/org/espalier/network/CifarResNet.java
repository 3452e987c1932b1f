/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

import org.espalier.nn.NetworkSpec;
import org.espalier.nn.SampleShape;

/**
 * The residual networks for CIFAR (He et al., Deep residual learning, 2016): a 3x3 convolution and
 * three stages of n blocks of 16, 32 and 64 channels, 6 n + 2 layers. The two blocks that halve the
 * image have a normalised 1x1 convolution as their shortcut (option B).
 */
public final class CifarResNet {

  private static final int FIRST = 16;
  private static final int STAGES = 3;

  private CifarResNet() {}

  /**
   * Returns the network for such images.
   *
   * @throws org.espalier.UserException if there is none of this depth
   */
  public static NetworkSpec spec(SampleShape image, int classes, NetworkSettings settings) {
    settings.checkNoDropout("resnet_cifar");
    int blocks = Depths.blocks(settings, "resnet_cifar", 2, "20, 32, 44, 56 or 110");
    Layers layers = Layers.of(image, settings);
    layers.convolution(settings.wide(FIRST), 3, 1).norm().relu();
    for (int stage = 0; stage < STAGES; stage++) {
      for (int block = 0; block < blocks; block++) {
        int stride = ResidualBlocks.stride(stage, block);
        ResidualBlocks.basic(layers, settings.wide(FIRST << stage), stride);
      }
    }
    return layers.classifyMeans(classes);
  }
}
