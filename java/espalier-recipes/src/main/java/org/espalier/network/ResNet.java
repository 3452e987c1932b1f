/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

import java.util.Map;
import java.util.TreeMap;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.SampleShape;
import org.espalier.sparse.Kernel;

/**
 * The residual networks for ImageNet (He et al., Deep residual learning, 2016): four stages of 64
 * to 512 channels, with bottlenecks from 50 layers on, whose outputs have four times as many. With
 * the stem for CIFAR they take images of 32x32. Wide ones (Zagoruyko and Komodakis, Wide residual
 * networks, 2016) have wider 3x3 convolutions in the bottlenecks, and the same outputs.
 */
public final class ResNet {

  private static final Map<Integer, int[]> BLOCKS =
      new TreeMap<>(
          Map.of(
              18, new int[] {2, 2, 2, 2},
              34, new int[] {3, 4, 6, 3},
              50, new int[] {3, 4, 6, 3},
              101, new int[] {3, 4, 23, 3},
              152, new int[] {3, 8, 36, 3}));
  private static final int BOTTLENECKS_FROM = 50;
  private static final Map<Integer, int[]> WIDE_BLOCKS =
      new TreeMap<>(BLOCKS).tailMap(BOTTLENECKS_FROM);
  private static final int FIRST = 64;
  private static final int EXPANSION = 4;

  private ResNet() {}

  /**
   * Returns the network for such images; the width is that of all layers.
   *
   * @throws org.espalier.UserException if there is none of this depth
   */
  public static NetworkSpec spec(SampleShape image, int classes, NetworkSettings settings) {
    settings.checkNoDropout("resnet");
    int[] stages = Depths.of(BLOCKS, settings, "resnet");
    Layers layers = stem(image, settings, settings.wide(FIRST));
    for (int stage = 0; stage < stages.length; stage++) {
      int width = settings.wide(FIRST << stage);
      for (int block = 0; block < stages[stage]; block++) {
        int stride = ResidualBlocks.stride(stage, block);
        if (settings.depth() < BOTTLENECKS_FROM) {
          ResidualBlocks.basic(layers, width, stride);
        } else {
          ResidualBlocks.bottleneck(layers, width, EXPANSION * width, stride);
        }
      }
    }
    return layers.classifyMeans(classes);
  }

  /**
   * Returns the network for such images; the width is that inside bottlenecks.
   *
   * @throws org.espalier.UserException if there is none of this depth
   */
  public static NetworkSpec wide(SampleShape image, int classes, NetworkSettings settings) {
    settings.checkNoDropout("wide_resnet");
    int[] stages = Depths.of(WIDE_BLOCKS, settings, "wide_resnet");
    Layers layers = stem(image, settings, FIRST);
    for (int stage = 0; stage < stages.length; stage++) {
      int inside = settings.wide(FIRST << stage);
      int outputs = EXPANSION * FIRST << stage;
      for (int block = 0; block < stages[stage]; block++) {
        int stride = ResidualBlocks.stride(stage, block);
        ResidualBlocks.bottleneck(layers, inside, outputs, stride);
      }
    }
    return layers.classifyMeans(classes);
  }

  private static Layers stem(SampleShape image, NetworkSettings settings, int outputs) {
    Layers layers = Layers.of(image, settings);
    if (settings.stem() == NetworkSettings.Stem.CIFAR) {
      return layers.convolution(outputs, 3, 1).norm().relu();
    }
    return layers.convolution(outputs, 7, 2).norm().relu().largest(new Kernel(3, 3, 2, 1));
  }
}
