/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** ERK gives the layer densities known for published networks, to every digit known. */
class PublishedDensitiesTest {

  /** Known figures of one network at one sparsity; null where none is known. */
  private record Known(
      String network,
      List<LayerShape> layers,
      double sparsity,
      String epsilon,
      int dense,
      String first,
      String last) {

    void check() {
      ErdosRenyi rule = new ErdosRenyi(1 - sparsity, true);
      double[] densities = rule.densities(layers);
      assertDigits(epsilon, rule.epsilon(layers));
      assertEquals(dense, Arrays.stream(densities).filter(d -> d == 1).count(), "dense layers");
      assertDigits(first, densities[0]);
      assertDigits(last, densities[densities.length - 1]);
    }
  }

  /** Compares to the digits that are written down. */
  private static void assertDigits(String expected, double actual) {
    if (expected != null) {
      double half = 0.5 * Math.pow(10, -new BigDecimal(expected).scale());
      assertEquals(Double.parseDouble(expected), actual, half * (1 + 1e-9));
    }
  }

  @TestFactory
  Stream<DynamicTest> erkGivesTheKnownDensities() {
    List<LayerShape> resNet50 = PublishedShapes.resNet50ImageNet();
    List<LayerShape> wide50 = PublishedShapes.wideResNet50ImageNet();
    List<LayerShape> vgg10 = PublishedShapes.vgg19(10);
    List<LayerShape> vgg100 = PublishedShapes.vgg19(100);
    List<LayerShape> small50 = PublishedShapes.resNet50Cifar();
    List<LayerShape> resNet20 = PublishedShapes.resNetCifar(20);
    List<LayerShape> wide22 = PublishedShapes.wideResNet(22, 8);
    List<LayerShape> wide28 = PublishedShapes.wideResNet(28, 10);
    return Stream.of(
            new Known("ResNet-50 ImageNet", resNet50, 0.50, null, 32, null, "0.452"),
            new Known("ResNet-50 ImageNet", resNet50, 0.80, "99.5612", 8, "0.8572", "0.1482"),
            new Known("ResNet-50 ImageNet", resNet50, 0.90, "48.7861", 1, "0.4200", "0.0726"),
            new Known("ResNet-50 ImageNet", resNet50, 0.95, "24.3716", 0, null, null),
            new Known("ResNet-50 ImageNet", resNet50, 0.98, "9.7486", 0, null, null),
            new Known("ResNet-50 ImageNet", resNet50, 0.99, "4.8743", 0, null, null),
            new Known("WRN-50-2 ImageNet", wide50, 0.80, "213.84", 17, "1", "0.318"),
            new Known("WRN-50-2 ImageNet", wide50, 0.90, "103.00", 7, "0.887", "0.153"),
            new Known("VGG-19 CIFAR-10", vgg10, 0.90, "189.66", 2, "1", "1"),
            new Known("VGG-19 CIFAR-10", vgg10, 0.95, "94.50", 2, "1", "1"),
            new Known("VGG-19 CIFAR-10", vgg10, 0.98, "37.41", 2, "1", "1"),
            new Known("VGG-19 CIFAR-100", vgg100, 0.90, "185.71", 2, "1", "1"),
            new Known("VGG-19 CIFAR-100", vgg100, 0.98, "35.90", 1, "1", "0.429"),
            new Known("ResNet-50 CIFAR", small50, 0.50, "299.99", 33, "1", null),
            new Known("ResNet-50 CIFAR", small50, 0.90, "47.30", 3, "1", "1"),
            new Known("ResNet-50 CIFAR", small50, 0.95, "23.40", 1, "0.989", "1"),
            new Known("ResNet-50 CIFAR", small50, 0.98, "9.145", 0, "0.386", "0.919"),
            new Known("ResNet-20", resNet20, 0.80, "36.00", 4, "1", "1"),
            new Known("ResNet-20", resNet20, 0.90, "16.99", 2, "0.983", "1"),
            new Known("ResNet-20", resNet20, 0.95, "8.204", 0, "0.475", "0.949"),
            resNet(32, "8.87"),
            resNet(44, "9.18"),
            resNet(56, "9.36"),
            resNet(110, "9.67"),
            new Known("WRN-22-8", wide22, 0.90, "150.8", 5, "1", "1"),
            new Known("WRN-22-8", wide22, 0.95, "73.8", 3, "1", "1"),
            new Known("WRN-22-8", wide22, 0.98, "29.1", 3, "1", "1"),
            new Known("WRN-28-10", wide28, 0.90, "195.5", 5, "1", "1"),
            new Known("WRN-28-10", wide28, 0.95, "96.0", 3, "1", "1"),
            new Known("WRN-28-10", wide28, 0.98, "38.1", 3, "1", "1"))
        .map(
            known ->
                DynamicTest.dynamicTest(known.network() + " at " + known.sparsity(), known::check));
  }

  private static Known resNet(int depth, String epsilon) {
    List<LayerShape> layers = PublishedShapes.resNetCifar(depth);
    return new Known("ResNet-" + depth, layers, 0.95, epsilon, 1, null, "1");
  }

  @Test
  void shapesHoldAsManyWeightsAsTheNetworksAreKnownToHave() {
    assertEquals(25_502_912, weights(PublishedShapes.resNet50ImageNet()));
    assertEquals(68.81, weights(PublishedShapes.wideResNet50ImageNet()) * 1e-6, 0.005);
    assertEquals(20.024, weights(PublishedShapes.vgg19(10)) * 1e-6, 0.0005);
    assertEquals(20.070, weights(PublishedShapes.vgg19(100)) * 1e-6, 0.0005);
    assertEquals(23.468, weights(PublishedShapes.resNet50Cifar()) * 1e-6, 0.0005);
    assertEquals(270_896, weights(PublishedShapes.resNetCifar(20)));
    assertEquals(0.464, weights(PublishedShapes.resNetCifar(32)) * 1e-6, 0.0005);
    assertEquals(0.658, weights(PublishedShapes.resNetCifar(44)) * 1e-6, 0.0005);
    assertEquals(0.852, weights(PublishedShapes.resNetCifar(56)) * 1e-6, 0.0005);
    assertEquals(1.722, weights(PublishedShapes.resNetCifar(110)) * 1e-6, 0.0005);
    assertEquals(17.147, weights(PublishedShapes.wideResNet(22, 8)) * 1e-6, 0.0005);
    assertEquals(36.461, weights(PublishedShapes.wideResNet(28, 10)) * 1e-6, 0.0005);
  }

  @Test
  void resNet50AtEightyPercentLayerByLayer() {
    List<LayerShape> layers = PublishedShapes.resNet50ImageNet();
    double[] densities = new ErdosRenyi(0.2, true).densities(layers);
    assertDigits("0.3619", density(layers, densities, 64, 64, 3));
    assertDigits("0.1769", density(layers, densities, 128, 128, 3));
    assertDigits("0.5849", density(layers, densities, 512, 256, 1));
    assertDigits("0.0874", density(layers, densities, 256, 256, 3));
    assertDigits("0.2921", density(layers, densities, 1024, 512, 1));
    assertDigits("0.0435", density(layers, densities, 512, 512, 3));
    assertDigits("0.2433", density(layers, densities, 2048, 512, 1));
    assertDigits("0.1459", density(layers, densities, 2048, 1024, 1));
    assertEquals(1, density(layers, densities, 64, 64, 1));
    assertEquals(1, density(layers, densities, 256, 64, 1));
    assertEquals(1, density(layers, densities, 64, 256, 1));
    assertEquals(1, density(layers, densities, 128, 256, 1));
  }

  private static double density(
      List<LayerShape> layers, double[] densities, int outputs, int inputs, int kernel) {
    for (int l = 0; l < densities.length; l++) {
      LayerShape layer = layers.get(l);
      if (layer.outputs() == outputs
          && layer.inputs() == inputs
          && layer.kernelHeight() == kernel) {
        return densities[l];
      }
    }
    throw new AssertionError("no layer of that shape");
  }

  private static long weights(List<LayerShape> layers) {
    return layers.stream().mapToLong(LayerShape::size).sum();
  }
}
