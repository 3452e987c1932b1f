/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.espalier.UserException;
import org.espalier.topology.FixedLayers.Budget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules with an overall density keep it to one connection, whatever the layers. */
class OverallDensityTest {

  private static final List<LayerShape> RES_NET_50 =
      PublishedNetworks.shapes(PublishedNetworks.resNet50ImageNet());

  private static final Map<String, List<LayerShape>> NETWORKS =
      Map.of(
          "perceptron", mlp(784, 1000, 1000, 1000, 10),
          "bottleneck", mlp(1000, 1000, 4, 1000),
          "ResNet-20", PublishedNetworks.shapes(PublishedNetworks.resNetCifar(20)),
          "ResNet-50", RES_NET_50);

  private static List<LayerShape> mlp(int... widths) {
    List<LayerShape> layers = new ArrayList<>();
    for (int l = 1; l < widths.length; l++) {
      layers.add(LayerShape.linear("linear" + l, widths[l], widths[l - 1]));
    }
    return layers;
  }

  private static long cells(List<LayerShape> layers) {
    return layers.stream().mapToLong(LayerShape::size).sum();
  }

  private static Map<String, DensityRule> rules(double density) {
    Map<String, DensityRule> rules = new LinkedHashMap<>();
    rules.put("uniform", new UniformDensity(density));
    rules.put("ER", new ErdosRenyi(density, false));
    rules.put("ERK", new ErdosRenyi(density, true));
    rules.put("softened ERK", new ErdosRenyi(density, true, 0.5));
    rules.put("balanced", new Balanced(density));
    return rules;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.01, 0.05, 0.1, 0.2, 1 / 3.0, 0.5, 0.9, 0.999, 1})
  void theSumOfConnectionsIsExactAndEachLayerWithinOneOfItsDensity(double density) {
    NETWORKS.forEach(
        (network, layers) ->
            rules(density)
                .forEach(
                    (name, rule) -> {
                      String what = name + " on " + network;
                      double[] densities = rule.densities(layers);
                      long[] counts = rule.connections(layers);
                      assertEquals(
                          density * cells(layers), LongStream.of(counts).sum(), 0.5001, what);
                      for (int l = 0; l < counts.length; l++) {
                        assertTrue(densities[l] > 0 && densities[l] <= 1 + 1e-12, what);
                        assertTrue(counts[l] >= 1 && counts[l] <= layers.get(l).size(), what);
                        double wanted = Math.max(1, densities[l] * layers.get(l).size());
                        assertEquals(wanted, counts[l], 1 + 1e-6, what);
                      }
                    }));
  }

  @Test
  void moreDensityNeverMeansFewerConnectionsInALayer() {
    NETWORKS.forEach(
        (network, layers) -> {
          Map<String, double[]> before = new LinkedHashMap<>();
          for (double density = 0.01; density <= 1; density += 0.01) {
            rules(density)
                .forEach(
                    (name, rule) -> {
                      double[] now = rule.densities(layers);
                      double[] then = before.put(name, now);
                      for (int l = 0; then != null && l < now.length; l++) {
                        assertTrue(now[l] >= then[l] - 1e-12, name + " on " + network);
                      }
                    });
          }
        });
  }

  @Test
  void noLayerIsLeftWithoutConnections() {
    List<LayerShape> layers = mlp(1000, 1000, 2, 1);
    assertArrayEquals(
        new long[] {998, 1, 1}, new UniformDensity(1000 / 1_002_002.0).connections(layers));
    assertArrayEquals(new long[] {1, 1, 1}, new UniformDensity(1e-9).connections(layers));
  }

  @Test
  void balancedLayersHaveEqualCountsAndSmallOnesAreDense() {
    List<LayerShape> layers = mlp(1000, 1000, 4, 1000, 50);
    long[] counts = new Balanced(0.05).connections(layers);
    long rest = Math.round(0.05 * cells(layers)) - 8000;
    assertArrayEquals(new long[] {rest / 2, 4000, 4000, rest / 2}, counts);
    long[] even = new Balanced(0.001).connections(mlp(100, 100, 200, 100));
    assertArrayEquals(new long[] {17, 17, 16}, even);
  }

  @Test
  void exponentZeroIsUniformAndOneTheRuleItself() {
    for (double density : new ErdosRenyi(0.13, true, 0).densities(RES_NET_50)) {
      assertEquals(0.13, density, 1e-12);
    }
    assertArrayEquals(
        new ErdosRenyi(0.2, true).densities(RES_NET_50),
        new ErdosRenyi(0.2, true, 1).densities(RES_NET_50));
    double[] soft = new ErdosRenyi(0.01, false, 0.5).densities(mlp(100, 100, 400));
    assertEquals(Math.sqrt((200 / 10_000.0) / (500 / 40_000.0)), soft[0] / soft[1], 1e-12);
    assertThrows(IllegalArgumentException.class, () -> new ErdosRenyi(0.1, true, -1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.19, 0.2, 0.5})
  void uniformPlusKeepsTheBudgetThatTheReleasedCodeMisses(double density) {
    UniformPlus rule = new UniformPlus(density, true);
    double[] densities = rule.densities(RES_NET_50);
    int last = densities.length - 1;
    assertEquals(1, densities[0]);
    assertEquals(Math.max(0.2, densities[1]), densities[last], 1e-15);
    assertEquals(1, Arrays.stream(densities, 1, last).distinct().count());
    assertEquals(
        density * cells(RES_NET_50), LongStream.of(rule.connections(RES_NET_50)).sum(), 0.5);
    double[] hidden = new UniformPlus(density, false).densities(RES_NET_50);
    assertEquals(hidden[1], hidden[last]);
  }

  private static FixedLayers erkPlus(double density, double classifier) {
    return new FixedLayers(
        OptionalDouble.empty(),
        OptionalDouble.of(classifier),
        Budget.INSIDE,
        density,
        left -> new ErdosRenyi(left, true));
  }

  @ParameterizedTest
  @CsvSource({"ResNet-50, 0.2, .130", "ResNet-50, 0.1, .021", "WRN-50-2, 0.2, .175"})
  void erkPlusLeavesTheConvolutionsTheKnownDensity(String network, double density, String left) {
    List<LayerShape> layers =
        network.equals("ResNet-50")
            ? RES_NET_50
            : PublishedNetworks.shapes(PublishedNetworks.wideResNet50ImageNet());
    long[] counts = erkPlus(density, 1).connections(layers);
    int last = counts.length - 1;
    assertEquals(layers.get(last).size(), counts[last]);
    long convolutions = LongStream.of(counts).sum() - counts[last];
    Digits.assertDigits(left, convolutions / (double) (cells(layers) - layers.get(last).size()));
    assertEquals(density * cells(layers), LongStream.of(counts).sum(), 0.5);
  }

  @Test
  void fixedLayersOutsideTheBudgetLeaveTheOthersAsTheyAre() {
    List<LayerShape> layers = mlp(100, 100, 100, 100);
    double[] densities =
        new FixedLayers(
                OptionalDouble.of(0.5),
                OptionalDouble.of(1),
                Budget.OUTSIDE,
                0.1,
                UniformDensity::new)
            .densities(layers);
    assertArrayEquals(new double[] {0.5, 0.1, 1}, densities);
    double[] inside =
        new FixedLayers(
                OptionalDouble.of(0.5),
                OptionalDouble.empty(),
                Budget.INSIDE,
                0.2,
                UniformDensity::new)
            .densities(layers);
    assertArrayEquals(new double[] {0.5, 0.05, 0.05}, inside, 1e-12);
  }

  @Test
  void aBudgetThatFixedLayersExceedIsRefusedWithLayerAndNumbers() {
    var error = assertThrows(UserException.class, () -> erkPlus(0.05, 1).densities(RES_NET_50));
    for (String words :
        List.of("classifier", "2,048,000", "1,275,146", "1000 x 2048", "from 0.0803 to 1.0000")) {
      assertTrue(error.getMessage().contains(words), error.getMessage());
    }
    assertThrows(UserException.class, () -> erkPlus(0.99, 0.1).densities(mlp(10, 10, 10)));
    assertThrows(UserException.class, () -> new UniformPlus(0.1, false).densities(mlp(10, 10)));
    assertArrayEquals(new double[] {1}, new UniformPlus(1, true).densities(mlp(10, 10)));
  }

  @Test
  void countsGivenByHandStayAsTheyAre() {
    LayerCounts rule = new LayerCounts(List.of(3L, 77L));
    List<LayerShape> layers = mlp(10, 10, 10);
    assertArrayEquals(new long[] {3, 77}, rule.connections(layers));
    assertArrayEquals(new double[] {0.03, 0.77}, rule.densities(layers));
    assertThrows(IllegalArgumentException.class, () -> rule.connections(mlp(2, 2)));
  }
}
