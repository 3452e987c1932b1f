/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.ArrayList;
import java.util.List;

/** The maskable layers of networks that published figures belong to, and how often each is used. */
final class PublishedNetworks {

  private final List<LayerWork> layers = new ArrayList<>();
  private int channels = 3;
  private int side;

  private PublishedNetworks(int side) {
    this.side = side;
  }

  static List<LayerShape> shapes(List<LayerWork> layers) {
    return layers.stream().map(LayerWork::shape).toList();
  }

  /** ResNet-50 for ImageNet, stride in the 3x3 (v1.5). */
  static List<LayerWork> resNet50ImageNet() {
    return imageNet(1);
  }

  /** ResNet-50 with twice the width inside its blocks. */
  static List<LayerWork> wideResNet50ImageNet() {
    return imageNet(2);
  }

  private static List<LayerWork> imageNet(int factor) {
    PublishedNetworks network = new PublishedNetworks(224).conv(64, 7, 2);
    network.side /= 2;
    return network.bottlenecks(factor).classifier(1000);
  }

  /** ResNet-50 with a 3x3 stem and ten classes. */
  static List<LayerWork> resNet50Cifar() {
    return new PublishedNetworks(32).conv(64, 3, 1).bottlenecks(1).classifier(10);
  }

  /** VGG-19 with one linear layer. */
  static List<LayerWork> vgg19(int classes) {
    PublishedNetworks network = new PublishedNetworks(32);
    int[] convolutions = {2, 2, 4, 4, 4};
    for (int stage = 0; stage < convolutions.length; stage++) {
      for (int i = 0; i < convolutions[stage]; i++) {
        network.conv(Math.min(512, 64 << stage), 3, 1);
      }
      network.side /= 2;
    }
    return network.classifier(classes);
  }

  /** CIFAR ResNet of width 16, 1x1 convolutions as shortcuts where the width changes. */
  static List<LayerWork> resNetCifar(int depth) {
    return new PublishedNetworks(32).conv(16, 3, 1).basicBlocks((depth - 2) / 6, 16).classifier(10);
  }

  /** Wide ResNet for CIFAR. */
  static List<LayerWork> wideResNet(int depth, int factor) {
    return new PublishedNetworks(32)
        .conv(16, 3, 1)
        .basicBlocks((depth - 4) / 6, 16 * factor)
        .classifier(10);
  }

  private PublishedNetworks bottlenecks(int factor) {
    int[] blocks = {3, 4, 6, 3};
    for (int stage = 0; stage < blocks.length; stage++) {
      int width = 64 << stage;
      for (int block = 0; block < blocks[stage]; block++) {
        int in = channels;
        conv(width * factor, 1, 1);
        conv(width * factor, 3, block == 0 && stage > 0 ? 2 : 1);
        conv(4 * width, 1, 1);
        if (block == 0) {
          shortcut(in);
        }
      }
    }
    return this;
  }

  private PublishedNetworks basicBlocks(int blocks, int firstWidth) {
    for (int stage = 0; stage < 3; stage++) {
      for (int block = 0; block < blocks; block++) {
        int in = channels;
        conv(firstWidth << stage, 3, block == 0 && stage > 0 ? 2 : 1);
        conv(firstWidth << stage, 3, 1);
        if (in != channels) {
          shortcut(in);
        }
      }
    }
    return this;
  }

  private PublishedNetworks conv(int outputs, int kernel, int stride) {
    side /= stride;
    add(new LayerShape("conv" + layers.size(), outputs, channels, kernel, kernel));
    channels = outputs;
    return this;
  }

  private void shortcut(int in) {
    add(new LayerShape("shortcut" + layers.size(), channels, in, 1, 1));
  }

  private List<LayerWork> classifier(int classes) {
    side = 1;
    add(LayerShape.linear("classifier", classes, channels));
    return layers;
  }

  private void add(LayerShape shape) {
    layers.add(new LayerWork(shape, (long) side * side));
  }
}
