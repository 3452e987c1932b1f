/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.espalier.network.NetworkSettings.Stem;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.SampleShape;
import org.espalier.topology.ErdosRenyi;
import org.espalier.topology.ErdosRenyiEpsilon;
import org.espalier.topology.LayerShape;
import org.espalier.topology.LayerWork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights, arithmetic and densities of the networks, as published or counted by hand. */
class PublishedCountsTest {

  private static final SampleShape CIFAR = new SampleShape(3, 32, 32);
  private static final SampleShape IMAGE_NET = new SampleShape(3, 224, 224);

  static NetworkSettings settings(int depth, double width, Stem stem) {
    return new NetworkSettings(depth, width, stem, 0, true, true, true);
  }

  private static NetworkSpec spec(String network) {
    return switch (network) {
      case "resnet-20" -> CifarResNet.spec(CIFAR, 10, settings(20, 1, Stem.CIFAR));
      case "resnet-32" -> CifarResNet.spec(CIFAR, 10, settings(32, 1, Stem.CIFAR));
      case "resnet-44" -> CifarResNet.spec(CIFAR, 10, settings(44, 1, Stem.CIFAR));
      case "resnet-56" -> CifarResNet.spec(CIFAR, 10, settings(56, 1, Stem.CIFAR));
      case "resnet-110" -> CifarResNet.spec(CIFAR, 10, settings(110, 1, Stem.CIFAR));
      case "wrn-22-8" -> WideCifarResNet.spec(CIFAR, 10, settings(22, 8, Stem.CIFAR));
      case "wrn-28-10" -> WideCifarResNet.spec(CIFAR, 10, settings(28, 10, Stem.CIFAR));
      case "vgg-19" -> Vgg.spec(CIFAR, 10, settings(19, 1, Stem.CIFAR));
      case "vgg-19-100" -> Vgg.spec(CIFAR, 100, settings(19, 1, Stem.CIFAR));
      case "resnet-50-cifar" -> ResNet.spec(CIFAR, 10, settings(50, 1, Stem.CIFAR));
      case "resnet-18" -> ResNet.spec(IMAGE_NET, 1000, settings(18, 1, Stem.IMAGENET));
      case "resnet-34" -> ResNet.spec(IMAGE_NET, 1000, settings(34, 1, Stem.IMAGENET));
      case "resnet-50" -> ResNet.spec(IMAGE_NET, 1000, settings(50, 1, Stem.IMAGENET));
      case "wrn-50-2" -> ResNet.wide(IMAGE_NET, 1000, settings(50, 2, Stem.IMAGENET));
      case "mobilenet-v2" -> MobileNetV2.spec(IMAGE_NET, 1000, settings(20, 1, Stem.IMAGENET));
      default -> throw new IllegalArgumentException(network);
    };
  }

  private static long weights(NetworkSpec spec) {
    return spec.work().stream().mapToLong(layer -> layer.shape().size()).sum();
  }

  /** Weights and multiplications, to as many digits as the sources print. */
  @ParameterizedTest
  @CsvSource({
    "resnet-20, 270896, 1, 4.081e7, 1e4",
    "resnet-32, 464e3, 1e3, NaN, 0",
    "resnet-44, 658e3, 1e3, NaN, 0",
    "resnet-56, 852e3, 1e3, NaN, 0",
    "resnet-110, 1722e3, 1e3, NaN, 0",
    "wrn-22-8, 17.147e6, 1e3, 2.454e9, 1e6",
    "wrn-28-10, 36.461e6, 1e3, 5.243e9, 1e6",
    "vgg-19, 20.024e6, 1e3, 3.981e8, 1e5",
    "vgg-19-100, 20.070e6, 1e3, NaN, 0",
    "resnet-50-cifar, 23.468e6, 1e3, 1.298e9, 1e6",
    "resnet-18, 11.679e6, 1e3, 1.814e9, 1e6",
    "resnet-34, 21.780e6, 1e3, 3.664e9, 1e6",
    "resnet-50, 25502912, 1, 4.089e9, 1e6",
    "wrn-50-2, 68.81e6, 1e4, 1.14e10, 1e8",
  })
  void weightsAndArithmeticAreThePublishedOnes(
      String network, double weights, double digit, double products, double productDigit) {
    NetworkSpec spec = spec(network);
    assertEquals(weights, weights(spec), digit / 2);
    if (!Double.isNaN(products)) {
      assertEquals(products, LayerWork.denseFlops(spec.work()) / 2, productDigit / 2);
    }
    assertEquals(spec.work().stream().map(LayerWork::shape).toList(), spec.sparseShapes());
  }

  @Test
  void mobileNetHasThePublishedWeightsAndDepthwiseOnesAreNeverSparse() {
    NetworkSpec spec = spec("mobilenet-v2");
    assertEquals(3_469_760, weights(spec));
    assertEquals(300e6, LayerWork.denseFlops(spec.work()) / 2, 1e6);
    List<LayerShape> depthwise =
        spec.work().stream().map(LayerWork::shape).filter(shape -> shape.inputs() == 1).toList();
    assertEquals(17, depthwise.size());
    assertTrue(spec.sparseShapes().stream().noneMatch(depthwise::contains));
    assertEquals(spec.work().size() - depthwise.size(), spec.sparseShapes().size());
  }

  @Test
  void mobileNetOfHalfTheWidthRoundsChannelsToEights() {
    NetworkSpec spec = MobileNetV2.spec(IMAGE_NET, 1000, settings(20, 0.5, Stem.IMAGENET));
    assertEquals(16, spec.work().get(0).shape().outputs());
    assertEquals(8, spec.work().get(2).shape().outputs());
    assertEquals(1280, spec.work().get(spec.work().size() - 1).shape().inputs());
  }

  /** Share of the arithmetic at ERK, density of the first and of the last layer, dense layers. */
  @ParameterizedTest
  @CsvSource({
    "resnet-20, 0.8, .358, 1, 1, 4",
    "resnet-20, 0.9, .177, .983, 1, 2",
    "resnet-20, 0.95, .087, .475, .949, 0",
    "resnet-110, 0.95, .091, NaN, 1, 1",
    "wrn-22-8, 0.9, .168, 1, 1, 5",
    "wrn-28-10, 0.98, .034, 1, 1, 3",
    "vgg-19, 0.95, .1131, 1, 1, 2",
    "vgg-19-100, 0.98, .0458, 1, .429, 1",
    "resnet-50-cifar, 0.9, .2306, 1, 1, 3",
    "resnet-50-cifar, 0.98, .0452, .386, .919, 0",
    "resnet-50, 0.8, .415, .8572, .1482, 8",
    "resnet-50, 0.9, .243, .4200, .0726, 1",
    "wrn-50-2, 0.8, .365, 1, .318, 17",
    "wrn-50-2, 0.9, .222, .887, .153, 7",
  })
  void erkGivesThePublishedDensities(
      String network, double sparsity, double share, double first, double last, int dense) {
    NetworkSpec spec = spec(network);
    double[] densities = new ErdosRenyi(1 - sparsity, true).densities(spec.sparseShapes());
    long others = spec.inputs() == IMAGE_NET.size() ? outputs(spec) : 0;
    double all = LayerWork.denseFlops(spec.work()) + others;
    assertEquals(share, (LayerWork.flops(spec.work(), densities) + others) / all, 6e-4);
    if (!Double.isNaN(first)) {
      assertEquals(first, densities[0], 6e-4);
    }
    assertEquals(last, densities[densities.length - 1], 6e-4);
    assertEquals(dense, Arrays.stream(densities).filter(d -> d == 1).count());
  }

  /** Of networks for ImageNet, Evci et al. count a bias and a ReLU for each output. */
  private static long outputs(NetworkSpec spec) {
    return spec.work().stream().mapToLong(LayerWork::outputs).sum();
  }

  @Test
  void resNet50HasThePublishedArithmetic() {
    NetworkSpec spec = spec("resnet-50");
    assertEquals(8.189e9, LayerWork.denseFlops(spec.work()) + outputs(spec), 1e6);
  }

  @Test
  void setCnnHasTheReportedCounts() {
    NetworkSettings published = new NetworkSettings(1, 1, Stem.CIFAR, 0.3f, false, true, false);
    NetworkSpec spec = SetCnn.spec(CIFAR, 10, published);
    long convolutions = 0;
    long connected = 0;
    for (LayerWork layer : spec.work()) {
      LayerShape shape = layer.shape();
      long weightsAndBiases = shape.size() + shape.outputs();
      convolutions += shape.kernelHeight() > 0 ? weightsAndBiases : 0;
      connected += shape.kernelHeight() > 0 ? 0 : weightsAndBiases;
    }
    assertEquals(287_008, convolutions);
    assertEquals(8_413_194, connected);
    assertEquals(List.of("linear1", "linear2"), names(spec));
    assertEquals(2048, spec.sparseShapes().get(0).inputs());
    long[] connections = new ErdosRenyiEpsilon(20).connections(spec.sparseShapes());
    assertEquals(184_330, connections[0] + connections[1] + 20_490, "with the dense classifier");
    NetworkSpec all = SetCnn.spec(CIFAR, 10, settings(1, 1, Stem.CIFAR));
    assertEquals(9, all.sparseShapes().size());
  }

  private static List<String> names(NetworkSpec spec) {
    return spec.sparseShapes().stream().map(LayerShape::name).toList();
  }

  @Test
  void leNet5HasThePublishedWeights() {
    SampleShape digits = new SampleShape(1, 28, 28);
    assertEquals(44_190, weights(LeNet5.spec(digits, 10, settings(5, 1, Stem.CIFAR))));
    SampleShape padded = new SampleShape(1, 32, 32);
    assertEquals(61_470, weights(LeNet5.spec(padded, 10, settings(5, 1, Stem.CIFAR))));
  }

  @Test
  void widthAndDepthMakeOtherNetworks() {
    long vgg16 = weights(Vgg.spec(CIFAR, 10, settings(16, 1, Stem.CIFAR)));
    assertEquals(14_715_584, vgg16);
    long narrow = weights(CifarResNet.spec(CIFAR, 10, settings(20, 0.5, Stem.CIFAR)));
    assertEquals(67_992, narrow);
    long wide = weights(CifarResNet.spec(CIFAR, 10, settings(20, 1.5, Stem.CIFAR)));
    assertEquals(608_712, wide);
    assertTrue(weights(ResNet.spec(CIFAR, 10, settings(18, 2, Stem.CIFAR))) > 40_000_000);
  }

  @Test
  void layersHaveTheSizesOfTheTable() {
    List<LayerWork> layers = spec("resnet-50").work();
    assertEquals("64 x 3 x 7 x 7 at 12544", words(layers.get(0)));
    assertEquals("64 x 64 x 1 x 1 at 3136", words(layers.get(1)));
    assertEquals("64 x 64 x 3 x 3 at 3136", words(layers.get(2)));
    assertEquals("256 x 64 x 1 x 1 at 3136", words(layers.get(3)));
    assertEquals("256 x 64 x 1 x 1 at 3136", words(layers.get(4)), "the shortcut");
    assertEquals("128 x 256 x 1 x 1 at 3136", words(layers.get(11)));
    assertEquals("128 x 128 x 3 x 3 at 784", words(layers.get(12)), "has the stride");
    assertEquals("512 x 256 x 1 x 1 at 784", words(layers.get(14)), "the shortcut");
    assertEquals("1000 x 2048 x 0 x 0 at 1", words(layers.get(53)));
    assertEquals(54, layers.size());
  }

  private static String words(LayerWork work) {
    LayerShape shape = work.shape();
    return "%d x %d x %d x %d at %d"
        .formatted(
            shape.outputs(),
            shape.inputs(),
            shape.kernelHeight(),
            shape.kernelWidth(),
            work.positions());
  }
}
