/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.espalier.topology.Digits.assertDigits;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** ERK and ER give the layer densities and costs known for published networks, to every digit. */
class PublishedDensitiesTest {

  private static final Map<String, List<LayerWork>> NETWORKS =
      Map.ofEntries(
          Map.entry("ResNet-50 ImageNet", PublishedNetworks.resNet50ImageNet()),
          Map.entry("WRN-50-2 ImageNet", PublishedNetworks.wideResNet50ImageNet()),
          Map.entry("VGG-19 CIFAR-10", PublishedNetworks.vgg19(10)),
          Map.entry("VGG-19 CIFAR-100", PublishedNetworks.vgg19(100)),
          Map.entry("ResNet-50 CIFAR", PublishedNetworks.resNet50Cifar()),
          Map.entry("ResNet-20", PublishedNetworks.resNetCifar(20)),
          Map.entry("ResNet-32", PublishedNetworks.resNetCifar(32)),
          Map.entry("ResNet-44", PublishedNetworks.resNetCifar(44)),
          Map.entry("ResNet-56", PublishedNetworks.resNetCifar(56)),
          Map.entry("ResNet-110", PublishedNetworks.resNetCifar(110)),
          Map.entry("WRN-22-8", PublishedNetworks.wideResNet(22, 8)),
          Map.entry("WRN-28-10", PublishedNetworks.wideResNet(28, 10)));

  /** Its figures count a bias and a ReLU for each output. */
  private static final String COUNTED_BY_EVCI = "ResNet-50 ImageNet";

  /**
   * Network, sparsity, share of the dense operations with ERK and with ER, epsilon of ERK, its
   * dense layers, its density of the first and the last layer; a dash where none is known.
   */
  private static final String KNOWN =
      """
      ResNet-50 ImageNet | .50 | .715  | -     | -       | 32 | -     | .452
      ResNet-50 ImageNet | .80 | .415  | .454  | 99.5612 | 8  | .8572 | .1482
      ResNet-50 ImageNet | .90 | .243  | .258  | 48.7861 | 1  | .4200 | .0726
      ResNet-50 ImageNet | .95 | .123  | .144  | 24.3716 | 0  | -     | -
      ResNet-50 ImageNet | .98 | .050  | .075  | 9.7486  | 0  | -     | -
      ResNet-50 ImageNet | .99 | .026  | .046  | 4.8743  | 0  | -     | -
      WRN-50-2 ImageNet  | .80 | .365  | .437  | 213.84  | 17 | 1     | .318
      WRN-50-2 ImageNet  | .90 | .222  | .233  | 103.00  | 7  | .887  | .153
      VGG-19 CIFAR-10    | .90 | .2225 | .2190 | 189.66  | 2  | 1     | 1
      VGG-19 CIFAR-10    | .95 | .1131 | .1113 | 94.50   | 2  | 1     | 1
      VGG-19 CIFAR-10    | .98 | .0475 | .0471 | 37.41   | 2  | 1     | 1
      VGG-19 CIFAR-100   | .90 | .2180 | -     | 185.71  | 2  | 1     | 1
      VGG-19 CIFAR-100   | .98 | .0458 | -     | 35.90   | 1  | 1     | .429
      ResNet-50 CIFAR    | .50 | .703  | .756  | 299.99  | 33 | 1     | 1
      ResNet-50 CIFAR    | .90 | .2306 | .2222 | 47.30   | 3  | 1     | 1
      ResNet-50 CIFAR    | .95 | .1156 | .1107 | 23.40   | 1  | .989  | 1
      ResNet-50 CIFAR    | .98 | .0452 | .0450 | 9.145   | 0  | .386  | .919
      ResNet-20          | .80 | .358  | -     | 36.00   | 4  | 1     | 1
      ResNet-20          | .90 | .177  | -     | 16.99   | 2  | .983  | 1
      ResNet-20          | .95 | .087  | -     | 8.204   | 0  | .475  | .949
      ResNet-32          | .95 | .089  | -     | 8.87    | 1  | -     | 1
      ResNet-44          | .95 | .090  | -     | 9.18    | 1  | -     | 1
      ResNet-56          | .95 | .0905 | -     | 9.36    | 1  | -     | 1
      ResNet-110         | .95 | .091  | -     | 9.67    | 1  | -     | 1
      WRN-22-8           | .90 | .168  | -     | 150.8   | 5  | 1     | 1
      WRN-22-8           | .95 | .085  | -     | 73.8    | 3  | 1     | 1
      WRN-22-8           | .98 | .034  | -     | 29.1    | 3  | 1     | 1
      WRN-28-10          | .90 | .169  | -     | 195.5   | 5  | 1     | 1
      WRN-28-10          | .95 | .085  | -     | 96.0    | 3  | 1     | 1
      WRN-28-10          | .98 | .034  | -     | 38.1    | 3  | 1     | 1
      """;

  @TestFactory
  Stream<DynamicTest> everyRowOfTheTable() {
    return KNOWN
        .lines()
        .map(
            row -> {
              String[] cells = row.strip().split(" *\\| *");
              return DynamicTest.dynamicTest(cells[0] + " at " + cells[1], () -> check(cells));
            });
  }

  private static void check(String[] cells) {
    List<LayerWork> work = NETWORKS.get(cells[0]);
    List<LayerShape> layers = PublishedNetworks.shapes(work);
    double density = 1 - Double.parseDouble(cells[1]);
    ErdosRenyi rule = new ErdosRenyi(density, true);
    double[] erk = rule.densities(layers);
    double biases = cells[0].equals(COUNTED_BY_EVCI) ? outputs(work) : 0;
    assertDigits(known(cells[2]), share(work, erk, biases));
    double[] er = new ErdosRenyi(density, false).densities(layers);
    assertDigits(known(cells[3]), share(work, er, biases));
    assertDigits(known(cells[4]), rule.epsilon(layers));
    assertEquals(
        Integer.parseInt(cells[5]), Arrays.stream(erk).filter(d -> d == 1).count(), "dense");
    assertDigits(known(cells[6]), erk[0]);
    assertDigits(known(cells[7]), erk[erk.length - 1]);
  }

  private static String known(String cell) {
    return cell.equals("-") ? null : cell;
  }

  private static double share(List<LayerWork> work, double[] densities, double biases) {
    return (LayerWork.flops(work, densities) + biases) / (LayerWork.denseFlops(work) + biases);
  }

  private static double outputs(List<LayerWork> work) {
    return work.stream().mapToLong(LayerWork::outputs).sum();
  }

  @Test
  void networksHoldAsManyWeightsAsTheyAreKnownTo() {
    assertEquals(25_502_912, weights("ResNet-50 ImageNet"));
    assertEquals(270_896, weights("ResNet-20"));
    assertDigits("68.81", weights("WRN-50-2 ImageNet") * 1e-6);
    assertDigits("20.024", weights("VGG-19 CIFAR-10") * 1e-6);
    assertDigits("20.070", weights("VGG-19 CIFAR-100") * 1e-6);
    assertDigits("23.468", weights("ResNet-50 CIFAR") * 1e-6);
    assertDigits(".464", weights("ResNet-32") * 1e-6);
    assertDigits(".658", weights("ResNet-44") * 1e-6);
    assertDigits(".852", weights("ResNet-56") * 1e-6);
    assertDigits("1.722", weights("ResNet-110") * 1e-6);
    assertDigits("17.147", weights("WRN-22-8") * 1e-6);
    assertDigits("36.461", weights("WRN-28-10") * 1e-6);
  }

  @Test
  void networksNeedAsManyOperationsAsTheyAreKnownTo() {
    List<LayerWork> resNet50 = NETWORKS.get(COUNTED_BY_EVCI);
    assertDigits("8.189", (LayerWork.denseFlops(resNet50) + outputs(resNet50)) * 1e-9);
    assertDigits("2.28", LayerWork.denseFlops(NETWORKS.get("WRN-50-2 ImageNet")) * 1e-10);
    assertDigits("3.981", multiplications("VGG-19 CIFAR-10") * 1e-8);
    assertDigits("1.298", multiplications("ResNet-50 CIFAR") * 1e-9);
    assertDigits("4.081", multiplications("ResNet-20") * 1e-7);
    assertDigits("2.454", multiplications("WRN-22-8") * 1e-9);
    assertDigits("5.243", multiplications("WRN-28-10") * 1e-9);
  }

  private static double multiplications(String network) {
    return LayerWork.denseFlops(NETWORKS.get(network)) / 2;
  }

  private static long weights(String network) {
    return NETWORKS.get(network).stream().mapToLong(layer -> layer.shape().size()).sum();
  }

  @Test
  void resNet50AtEightyPercentLayerByLayer() {
    List<LayerShape> layers = PublishedNetworks.shapes(PublishedNetworks.resNet50ImageNet());
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
}
