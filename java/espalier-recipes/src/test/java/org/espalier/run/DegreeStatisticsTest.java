/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.espalier.UserException;
import org.espalier.train.LayerConnections;
import org.espalier.train.State;
import org.junit.jupiter.api.Test;

class DegreeStatisticsTest {

  /** Output 0 is connected to inputs 0, 1, 3, output 1 to none, output 2 to input 3. */
  private static final LayerTopology LAYER =
      new LayerTopology("linear1", 3, 4, new int[] {0, 3, 3, 4}, new int[] {0, 1, 3, 3});

  @Test
  void countsTheConnectionsOfEachNeuron() {
    assertArrayEquals(new int[] {1, 1, 0, 2}, LAYER.inputDegrees());
    assertArrayEquals(new int[] {3, 0, 1}, LAYER.outputDegrees());
    assertEquals(4.0 / 12, LAYER.density(), 1e-12);
  }

  @Test
  void summarisesThem() {
    DegreeStatistics inputs = LAYER.inputStatistics();
    assertEquals(0, inputs.min());
    assertEquals(2, inputs.max());
    assertEquals(1, inputs.mean());
    assertEquals(Math.sqrt(0.5), inputs.deviation(), 1e-12);
    assertEquals(1, inputs.unconnected());
    assertArrayEquals(new int[] {1, 2, 1}, inputs.counts());
    assertEquals(Math.sqrt(2.0 / 3), inputs.randomDeviation(), 1e-12);
  }

  @Test
  void quantilesCountNeurons() {
    DegreeStatistics degrees = DegreeStatistics.of(new int[] {1, 1, 1, 2, 900}, 1000);
    assertEquals(1, degrees.quantile(0.6));
    assertEquals(2, degrees.quantile(0.8));
    assertEquals(900, degrees.quantile(0.9));
  }

  @Test
  void randomCountsAreThoseOfABinomialDistribution() {
    double[] expected = LAYER.inputStatistics().randomCounts(4);
    assertEquals(4 * 8 / 27.0, expected[0], 1e-12);
    assertEquals(4 * 12 / 27.0, expected[1], 1e-12);
    assertEquals(4 * 6 / 27.0, expected[2], 1e-12);
    assertEquals(4 * 1 / 27.0, expected[3], 1e-12);
  }

  @Test
  void randomCountsOfAWideLayerAddUp() {
    int[] degrees = new int[1000];
    Arrays.fill(degrees, 40);
    DegreeStatistics statistics = DegreeStatistics.of(degrees, 300_000);
    assertEquals(1000, Arrays.stream(statistics.randomCounts(200)).sum(), 1e-6);
    assertEquals(Math.sqrt(40), statistics.randomDeviation(), 0.01);
  }

  @Test
  void fullAndEmptyLayersHaveOneExpectation() {
    assertArrayEquals(
        new double[] {0, 0, 5}, DegreeStatistics.of(new int[] {2, 2, 2, 2, 2}, 2).randomCounts(3));
    assertArrayEquals(
        new double[] {2, 0}, DegreeStatistics.of(new int[] {0, 0}, 7).randomCounts(2));
  }

  @Test
  void isTakenFromAModelByTheNamesOfItsLayers() {
    State state = new State("model");
    state.put("linear1.weight.row_start", LAYER.rowStart());
    state.put("linear1.weight.column", LAYER.column());
    List<LayerTopology> layers =
        LayerTopology.of(List.of(new LayerConnections("linear1", 3, 4, 4)), state);
    assertEquals(4, layers.get(0).nnz());
    UserException refusal =
        assertThrows(
            UserException.class,
            () -> LayerTopology.of(List.of(new LayerConnections("linear1", 3, 3, 4)), state));
    assertTrue(refusal.getMessage().contains("'linear1' do not fit 3 outputs and 3 inputs"));
  }
}
