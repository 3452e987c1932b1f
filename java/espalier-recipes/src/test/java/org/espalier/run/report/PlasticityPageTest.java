/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.espalier.plasticity.PlasticityPoint;
import org.espalier.plasticity.PlasticityResult;
import org.espalier.plasticity.PlasticityTrial;
import org.espalier.plasticity.PruningMethod;
import org.junit.jupiter.api.Test;

class PlasticityPageTest {

  private static PlasticityResult result(boolean finished, Double exchange, double accuracy) {
    PlasticityResult.Setting setting =
        new PlasticityResult.Setting(
            "a <recipe>", "spots", "cpu", 7, "1.0", 20, 4, List.of(0.5, 0.9), exchange, "a: 1");
    List<PlasticityPoint> points = List.of(point(5, accuracy), point(20, accuracy - 0.1));
    return new PlasticityResult(setting, points, finished);
  }

  private static PlasticityPoint point(int epoch, double accuracy) {
    List<PlasticityTrial> trials =
        Arrays.stream(PruningMethod.values())
            .flatMap(
                method ->
                    List.of(0.5, 0.9).stream()
                        .map(
                            remove ->
                                new PlasticityTrial(
                                    remove, method, 90, 0, 10, 0.4, accuracy, accuracy - 0.8)))
            .toList();
    return new PlasticityPoint(epoch, 0.1, 100, 0.8, 0.85, 0.05, trials);
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  @Test
  void aChartForEachShareHasALineForEachMethodAndOneForNone() {
    String page = PlasticityPage.of(result(true, null, 0.7));
    assertEquals(1 + 2, count(page, "<svg"), "the run and each share");
    assertEquals(2 + 2 * 7, count(page, "<path"));
    for (PruningMethod method : PruningMethod.values()) {
      assertEquals(2, count(page, ">" + method.title() + "</span>"), method::title);
    }
    assertTrue(page.contains("The learning rate was 0.1 at epoch 5, 20."));
    assertTrue(page.contains("50 % of the connections removed"));
    assertEquals(1 + 2 * (1 + 2 * 6), count(page, "<tr>"), "header and all trials");
    assertTrue(page.contains("-10.00"), "0.7 after 0.8 is a loss of ten points");
  }

  @Test
  void whatWentWrongIsADashAndNoLine() {
    String page = PlasticityPage.of(result(true, null, Double.NaN));
    assertFalse(page.contains("NaN"));
    assertTrue(page.contains(Numbers.UNKNOWN));
  }

  @Test
  void itSaysWhatIsMissingAndWhatRegrowingMeans() {
    assertFalse(PlasticityPage.of(result(true, null, 0.7)).contains("not finished"));
    String page = PlasticityPage.of(result(false, 0.5, 0.7));
    assertTrue(page.contains("not finished"));
    assertTrue(page.contains("loses 50 % of what is left too"));
    assertTrue(page.contains("a &lt;recipe&gt;"));
  }
}
