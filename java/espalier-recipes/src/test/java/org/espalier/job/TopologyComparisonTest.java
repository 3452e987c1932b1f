/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.job.TopologyComparison.Matching;
import org.espalier.run.LayerTopology;
import org.junit.jupiter.api.Test;

class TopologyComparisonTest {

  private static Inspection inspection(boolean sparseOutput, LayerTopology... layers) {
    List<Integer> pixels = Collections.nCopies(layers.length, 1);
    return new Inspection("set-mlp", "x", List.of(layers), pixels, sparseOutput, Optional.empty());
  }

  private static LayerTopology hidden(int... column) {
    return new LayerTopology("linear1", 3, 4, new int[] {0, 2, 4, 6}, column);
  }

  private static LayerTopology output(int... column) {
    return new LayerTopology("linear2", 2, 3, new int[] {0, 1, 2}, column);
  }

  @Test
  void hiddenNeuronsMayChangePlacesAndClassesMayNot() {
    Inspection one = inspection(true, hidden(0, 1, 1, 2, 2, 3), output(0, 2));
    // neurons 0 and 2 changed places, and the output follows them
    Inspection same = inspection(true, hidden(2, 3, 1, 2, 0, 1), output(2, 0));
    TopologyComparison moved = TopologyComparison.of(one, same);
    assertEquals(0, moved.matched());
    assertTrue(moved.byPosition() > 0.6);
    assertEquals(Matching.EXACT, moved.layers().get(0).matching());
    assertEquals(Matching.FIXED, moved.layers().get(1).matching());

    Inspection classesSwapped = inspection(true, hidden(2, 3, 1, 2, 0, 1), output(0, 2));
    TopologyComparison swapped = TopologyComparison.of(one, classesSwapped);
    assertEquals(0, swapped.layers().get(0).matched());
    assertEquals(1, swapped.layers().get(1).matched());
    assertEquals(0.5, swapped.matched());
  }

  @Test
  void channelsOfConvolutionsStayWhereTheyAre() {
    int[] rows = {0, 2, 4, 6};
    LayerTopology one = new LayerTopology("conv1", 3, 4, rows, new int[] {0, 1, 1, 2, 2, 3});
    LayerTopology moved = new LayerTopology("conv1", 3, 4, rows, new int[] {2, 3, 1, 2, 0, 1});
    TopologyComparison compared =
        TopologyComparison.of(inspection(false, one), inspection(false, moved));
    assertEquals(Matching.FIXED, compared.layers().get(0).matching());
    assertTrue(compared.matched() > 0.6);
  }

  @Test
  void otherNetworksAreRefused() {
    Inspection one = inspection(false, hidden(0, 1, 1, 2, 2, 3), output(0, 2));
    Inspection two = inspection(false, hidden(0, 1, 1, 2, 2, 3));
    String message =
        assertThrows(UserException.class, () -> TopologyComparison.of(one, two)).getMessage();
    assertEquals(
        "The sparse layers of the two runs are 3 x 4, 2 x 3 and 3 x 4; expected two runs of the same network.",
        message);
  }
}
