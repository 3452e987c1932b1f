/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

import org.espalier.nn.NetworkSpec;
import org.espalier.nn.SampleShape;
import org.espalier.sparse.Kernel;

/**
 * LeNet-5 (LeCun et al., Gradient-based learning applied to document recognition, 1998) as it is
 * used today: ReLU, largest of 2x2 pixels, all channels connected, no padding.
 */
public final class LeNet5 {

  private static final Kernel KERNEL = new Kernel(5, 5, 1, 0);

  private LeNet5() {}

  /** Returns the network for such images. */
  public static NetworkSpec spec(SampleShape image, int classes, NetworkSettings settings) {
    settings.checkNoDropout("lenet5");
    Layers layers = Layers.of(image, settings);
    layers.convolution(settings.wide(6), KERNEL, true).relu().halve();
    layers.convolution(settings.wide(16), KERNEL, true).relu().halve().flatten();
    return layers.hidden(settings.wide(120)).hidden(settings.wide(84)).classify(classes);
  }
}
