/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {

  private static List<String> labels(Axis axis) {
    return axis.ticks().stream().map(axis::label).toList();
  }

  @Test
  void sharesAreInPerCentAndEndAtOneHundred() {
    Axis axis = Axis.share("Accuracy", 0.743, 0.998);
    assertEquals(List.of("70 %", "75 %", "80 %", "85 %", "90 %", "95 %", "100 %"), labels(axis));
    assertEquals(0, axis.at(0.70), 1e-9);
    assertEquals(1, axis.at(1), 1e-9);
  }

  @Test
  void smallDifferencesKeepTheirDecimals() {
    assertEquals(
        List.of("84.0 %", "84.1 %", "84.2 %", "84.3 %", "84.4 %"),
        labels(Axis.share("Accuracy", 0.8402, 0.8437)));
  }

  @Test
  void countsHaveTicksAtWholeNumbersOnly() {
    assertEquals(List.of("1", "2", "3"), labels(Axis.whole("Epoch", 1, 3)));
    assertEquals(List.of("1"), labels(Axis.whole("Epoch", 0.5, 1.5)));
    assertEquals(List.of("200", "400", "600", "800", "1 k"), labels(Axis.whole("Epoch", 1, 1000)));
  }

  @Test
  void logarithmicAxesHaveTicksAtPowersOfTenOrBetween() {
    Axis wide = Axis.logarithmic("Connections", 1, 5000, Numbers::compact);
    assertEquals(List.of("1", "10", "100", "1 k"), labels(wide));
    assertEquals(0.5, wide.at(Math.sqrt(5000)), 1e-9);
    assertEquals(
        List.of("20", "30", "40", "50"),
        labels(Axis.logarithmic("Connections", 17, 55, Numbers::compact)));
    assertEquals(
        List.of("0.1 %", "1 %", "10 %", "100 %"), labels(Axis.logarithmicShare("x", 5e-4, 1)));
    assertTrue(Axis.logarithmic("x", 7, 7, Numbers::compact).at(7) > 0.4);
  }

  @Test
  void mirroredAxesShowNoSign() {
    assertEquals(
        List.of("10 k", "5 k", "0", "5 k", "10 k"), labels(Axis.mirrored("Connections", 8700)));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0.5,0.5", "-3,-3", "0,1e-9", "1e20,1e30", "-1,1", "0.999,1", "5e-324,1"})
  void everyRangeHasAFewTicksWithinIt(double low, double high) {
    Axis axis = Axis.number("x", low, high);
    assertTrue(axis.min() < axis.max(), axis.toString());
    assertTrue(axis.at(low) >= -1e-9 && axis.at(high) <= 1 + 1e-9, axis.toString());
    assertTrue(axis.ticks().size() >= 2 && axis.ticks().size() <= 9, axis.ticks().toString());
  }
}
