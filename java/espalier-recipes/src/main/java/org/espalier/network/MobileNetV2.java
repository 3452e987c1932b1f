/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

import java.util.List;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.SampleShape;

/**
 * MobileNetV2 (Sandler et al., MobileNetV2: inverted residuals and linear bottlenecks, 2018):
 * blocks of a 1x1 convolution that widens, a depthwise 3x3 and a 1x1 that narrows. Depthwise
 * convolutions have all their weights. Where the paper cuts ReLU at 6, this one does not.
 */
public final class MobileNetV2 {

  private static final int FIRST = 32;
  private static final int LAST = 1280;

  /** Numbers of channels are multiples of this. */
  private static final int DIVISOR = 8;

  private MobileNetV2() {}

  /**
   * Blocks of a stage (table 2 of the paper).
   *
   * @param expansion how much wider blocks are inside
   * @param stride of the first
   */
  private record Stage(int expansion, int channels, int blocks, int stride) {}

  private static final List<Stage> STAGES =
      List.of(
          new Stage(1, 16, 1, 1),
          new Stage(6, 24, 2, 2),
          new Stage(6, 32, 3, 2),
          new Stage(6, 64, 4, 2),
          new Stage(6, 96, 3, 1),
          new Stage(6, 160, 3, 2),
          new Stage(6, 320, 1, 1));

  /** Returns the network for such images. */
  public static NetworkSpec spec(SampleShape image, int classes, NetworkSettings settings) {
    settings.checkNoDropout("mobilenet_v2");
    Layers layers = Layers.of(image, settings);
    layers.convolution(wide(FIRST, settings), 3, 2).norm().relu();
    for (Stage stage : STAGES) {
      for (int block = 0; block < stage.blocks(); block++) {
        int outputs = wide(stage.channels(), settings);
        add(layers, stage.expansion(), outputs, block == 0 ? stage.stride() : 1);
      }
    }
    int last = settings.width() > 1 ? wide(LAST, settings) : LAST;
    return layers.convolution(last, 1, 1).norm().relu().classifyMeans(classes);
  }

  private static void add(Layers layers, int expansion, int outputs, int stride) {
    boolean same = stride == 1 && outputs == layers.channels();
    Layers block = same ? layers.branch() : layers;
    if (expansion > 1) {
      block.convolution(expansion * layers.channels(), 1, 1).norm().relu();
    }
    block.depthwise(3, stride).norm().relu();
    block.convolution(outputs, 1, 1).norm();
    if (same) {
      layers.add(block, List.of(), false);
    }
  }

  /** The nearest multiple of 8, but not below nine tenths of the product. */
  private static int wide(int channels, NetworkSettings settings) {
    double exact = channels * settings.width();
    int nearest = Math.max(DIVISOR, (int) (exact + DIVISOR / 2) / DIVISOR * DIVISOR);
    return nearest < 0.9 * exact ? nearest + DIVISOR : nearest;
  }
}
