/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.ArrayList;
import java.util.List;

/** The maskable layers of networks that published layer densities belong to. */
final class PublishedShapes {

  private final List<LayerShape> layers = new ArrayList<>();
  private int channels = 3;

  private PublishedShapes() {}

  /** ResNet-50 for ImageNet, stride in the 3x3 (v1.5); shapes do not depend on the stride. */
  static List<LayerShape> resNet50ImageNet() {
    return new PublishedShapes().bottlenecks(7, 1).classifier(1000);
  }

  /** ResNet-50 with twice the width inside its blocks. */
  static List<LayerShape> wideResNet50ImageNet() {
    return new PublishedShapes().bottlenecks(7, 2).classifier(1000);
  }

  /** ResNet-50 with a 3x3 stem and ten classes. */
  static List<LayerShape> resNet50Cifar() {
    return new PublishedShapes().bottlenecks(3, 1).classifier(10);
  }

  /** VGG-19 with one linear layer. */
  static List<LayerShape> vgg19(int classes) {
    PublishedShapes shapes = new PublishedShapes();
    for (int width : new int[] {64, 64, 128, 128, 256, 256, 256, 256}) {
      shapes.conv(width, 3);
    }
    for (int i = 0; i < 8; i++) {
      shapes.conv(512, 3);
    }
    return shapes.classifier(classes);
  }

  /** CIFAR ResNet of width 16, 1x1 convolutions as shortcuts where the width changes. */
  static List<LayerShape> resNetCifar(int depth) {
    return new PublishedShapes().conv(16, 3).basicBlocks((depth - 2) / 6, 16).classifier(10);
  }

  /** Wide ResNet for CIFAR. */
  static List<LayerShape> wideResNet(int depth, int factor) {
    return new PublishedShapes()
        .conv(16, 3)
        .basicBlocks((depth - 4) / 6, 16 * factor)
        .classifier(10);
  }

  private PublishedShapes bottlenecks(int stemKernel, int factor) {
    conv(64, stemKernel);
    int[] blocks = {3, 4, 6, 3};
    for (int stage = 0; stage < blocks.length; stage++) {
      int width = 64 << stage;
      for (int block = 0; block < blocks[stage]; block++) {
        int in = channels;
        conv(width * factor, 1);
        conv(width * factor, 3);
        conv(4 * width, 1);
        if (block == 0) {
          shortcut(in);
        }
      }
    }
    return this;
  }

  private PublishedShapes basicBlocks(int blocks, int firstWidth) {
    for (int stage = 0; stage < 3; stage++) {
      for (int block = 0; block < blocks; block++) {
        int in = channels;
        conv(firstWidth << stage, 3);
        conv(firstWidth << stage, 3);
        if (in != channels) {
          shortcut(in);
        }
      }
    }
    return this;
  }

  private PublishedShapes conv(int outputs, int kernel) {
    layers.add(new LayerShape("conv" + layers.size(), outputs, channels, kernel, kernel));
    channels = outputs;
    return this;
  }

  private void shortcut(int in) {
    layers.add(new LayerShape("shortcut" + layers.size(), channels, in, 1, 1));
  }

  private List<LayerShape> classifier(int classes) {
    layers.add(LayerShape.linear("classifier", classes, channels));
    return layers;
  }
}
