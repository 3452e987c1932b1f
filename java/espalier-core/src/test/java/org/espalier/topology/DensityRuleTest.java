/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DensityRuleTest {

  private static final List<LayerShape> MLP = mlp(784, 1000, 1000, 1000);

  private static final List<LayerShape> RES_NET_20 =
      PublishedNetworks.shapes(PublishedNetworks.resNetCifar(20));

  private static List<LayerShape> mlp(int... widths) {
    List<LayerShape> layers = new ArrayList<>();
    for (int l = 1; l < widths.length; l++) {
      layers.add(LayerShape.linear("linear" + l, widths[l], widths[l - 1]));
    }
    return layers;
  }

  private static long connections(DensityRule rule, List<LayerShape> layers) {
    return LongStream.of(rule.connections(layers)).sum();
  }

  @ParameterizedTest
  @CsvSource({
    "11, 180, 250, 4730",
    "11, 180, 500, 7480",
    "11, 112, 250, 3982",
    "11, 500, 500, 11000",
    "11, 784, 2500, 36124",
    "11, 784, 5000, 63624",
  })
  void epsilonGivesThePublishedCountsOfMachines(double epsilon, int in, int out, long expected) {
    assertEquals(expected, connections(new ErdosRenyiEpsilon(epsilon), mlp(in, out)));
  }

  @Test
  void epsilonGivesThePublishedCountsOfPerceptrons() {
    ErdosRenyiEpsilon rule = new ErdosRenyiEpsilon(20);
    assertEquals(125_680, connections(rule, MLP) + 1000 * 10);
    assertEquals(381_440, connections(rule, mlp(3072, 4000, 1000, 4000)) + 4000 * 10);
    assertEquals(102_560, connections(rule, mlp(28, 1000, 1000, 1000)) + 1000 * 2);
  }

  @Test
  void epsilonFillsNarrowLayersAndNoMore() {
    double[] densities = new ErdosRenyiEpsilon(20).densities(mlp(1000, 10, 1000));
    assertArrayEquals(new double[] {1, 1}, densities);
    assertEquals(100, connections(new ErdosRenyiEpsilon(1e300), mlp(10, 10)));
  }

  @Test
  void erdosRenyiIsProportionalToNeuronsOverCells() {
    double[] densities = new ErdosRenyi(0.05, false).densities(MLP);
    assertEquals(densities[1], densities[2], 1e-15);
    double first = (784 + 1000) / (784.0 * 1000);
    double second = (1000 + 1000) / (1000.0 * 1000);
    assertEquals(first / second, densities[0] / densities[1], 1e-12);
  }

  @Test
  void kernelSidesCountInErkOnly() {
    LayerShape wide = new LayerShape("wide", 80, 80, 5, 5);
    LayerShape point = new LayerShape("point", 80, 80, 1, 1);
    double[] er = new ErdosRenyi(0.01, false).densities(List.of(wide, point));
    double[] erk = new ErdosRenyi(0.01, true).densities(List.of(wide, point));
    assertEquals(1, er[1] / er[0], 1e-12);
    assertEquals(25 * 162.0 / 170, erk[1] / erk[0], 1e-9);
  }

  @Test
  void onlyLayersThatWouldExceedOneAreDenseAndOthersAbsorbTheRest() {
    List<LayerShape> layers = mlp(1000, 1000, 4, 1000);
    double[] densities = new ErdosRenyi(0.02, false).densities(layers);
    assertTrue(densities[0] > 0 && densities[0] < 1);
    assertEquals(1, densities[1]);
    assertEquals(1, densities[2]);
    assertEquals((0.02 * 1_008_000 - 8000) / 1_000_000, densities[0], 1e-12);
  }

  @Test
  void densityOneIsDenseEverywhere() {
    for (double density : new ErdosRenyi(1, true).densities(RES_NET_20)) {
      assertEquals(1, density, 1e-12);
    }
  }

  @Test
  void noLayersNoDensities() {
    assertEquals(0, new ErdosRenyi(0.1, true).densities(List.of()).length);
    assertEquals(0, new ErdosRenyiEpsilon(3).densities(List.of()).length);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.0001, Double.NaN, Double.POSITIVE_INFINITY})
  void densitiesOutsideOfTheirRangeAreRefused(double density) {
    assertThrows(IllegalArgumentException.class, () -> new ErdosRenyi(density, false));
    assertThrows(IllegalArgumentException.class, () -> new UniformDensity(density));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void epsilonsOutsideOfTheirRangeAreRefused(double epsilon) {
    assertThrows(IllegalArgumentException.class, () -> new ErdosRenyiEpsilon(epsilon));
  }

  @Test
  void shapesThatCannotBeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> LayerShape.linear("a", 0, 3));
    assertThrows(IllegalArgumentException.class, () -> LayerShape.linear("a", 3, 0));
    assertThrows(IllegalArgumentException.class, () -> new LayerShape("a", 1, 1, 3, 0));
    assertThrows(IllegalArgumentException.class, () -> new LayerShape("a", 1, 1, -1, -1));
  }

  @Test
  void sizesBeyondThirtyTwoBits() {
    LayerShape layer = LayerShape.linear("large", 300_000, 300_000);
    assertEquals(90_000_000_000L, layer.size());
    assertEquals(
        6_000_000, layer.connections(new ErdosRenyiEpsilon(10).densities(List.of(layer))[0]));
  }
}
