/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

import java.util.List;
import org.espalier.nn.LayerSpec;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.SampleShape;

/**
 * The wide residual networks for CIFAR (Zagoruyko and Komodakis, Wide residual networks, 2016):
 * WRN-22-8 has 22 layers, 6 n + 4, and the width 8. A 3x3 convolution of 16 channels, three stages
 * of n blocks of 16, 32 and 64 times the width. Blocks normalise before each convolution, have
 * dropout between the two, and a 1x1 convolution as the shortcut where the number of channels
 * changes, which starts from what is normalised already.
 */
public final class WideCifarResNet {

  private static final int FIRST = 16;
  private static final int STAGES = 3;

  private WideCifarResNet() {}

  /**
   * Returns the network for such images.
   *
   * @throws org.espalier.UserException if there is none of this depth
   */
  public static NetworkSpec spec(SampleShape image, int classes, NetworkSettings settings) {
    int blocks = Depths.blocks(settings, "wide_resnet_cifar", 4, "16, 22, 28 or 40");
    Layers layers = Layers.of(image, settings).convolution(FIRST, 3, 1);
    for (int stage = 0; stage < STAGES; stage++) {
      for (int block = 0; block < blocks; block++) {
        add(layers, settings.wide(FIRST << stage), ResidualBlocks.stride(stage, block));
      }
    }
    return layers.norm().relu().classifyMeans(classes);
  }

  private static void add(Layers layers, int outputs, int stride) {
    if (stride == 1 && outputs == layers.channels()) {
      Layers body = layers.branch().norm().relu();
      layers.add(convolutions(body, outputs, stride), List.of(), false);
      return;
    }
    layers.norm().relu();
    List<LayerSpec> shortcut = layers.branch().convolution(outputs, 1, stride).list();
    layers.add(convolutions(layers.branch(), outputs, stride), shortcut, false);
  }

  private static Layers convolutions(Layers body, int outputs, int stride) {
    body.convolution(outputs, 3, stride).norm().relu().dropout();
    return body.convolution(outputs, 3, 1);
  }
}
