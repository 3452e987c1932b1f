/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.espalier.UserException;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Network;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stays is what sorting all scores says. */
class SelectionTest {

  private static final int[] SIZES = {20, 15};

  private record Entry(int layer, int position, float score) {}

  private static List<float[]> scores(float centre) {
    ValueRule normal = new ValueRule(ValueRule.Kind.NORMAL, 1);
    List<float[]> scores = new ArrayList<>();
    for (int size : SIZES) {
      float[] layer = new float[size];
      for (int k = 0; k < size; k++) {
        // halves, so that there are zeros and equal scores
        layer[k] = Math.round(2 * (centre + normal.valueAt(size, k))) / 2f;
      }
      scores.add(layer);
    }
    return scores;
  }

  /** The best of each layer first, then all by score; of equal ones later ones stay. */
  private static TreeSet<Integer> expected(List<float[]> scores, int count) {
    List<Entry> entries = new ArrayList<>();
    for (int l = 0; l < SIZES.length; l++) {
      float[] layer = scores.get(l);
      int best = 0;
      for (int k = 0; k < layer.length; k++) {
        best = layer[k] > layer[best] ? k : best;
      }
      for (int k = 0; k < layer.length; k++) {
        entries.add(new Entry(l, k, k == best ? Float.POSITIVE_INFINITY : layer[k] + 0f));
      }
    }
    entries.sort(
        Comparator.comparing(Entry::score)
            .thenComparing(Entry::layer)
            .thenComparing(Entry::position)
            .reversed());
    TreeSet<Integer> kept = new TreeSet<>();
    entries.subList(0, count).forEach(e -> kept.add(1000 * e.layer + e.position));
    return kept;
  }

  private static TreeSet<Integer> kept(List<float[]> scores, int count) {
    try (ScalarBackend backend = new ScalarBackend()) {
      TreeSet<Integer> kept = new TreeSet<>();
      try (Network network = Example.whole(backend, new GlobalMagnitude())) {
        Selection.keep(network, scores, count);
        for (SparseWeights layer : network.sparseWeights()) {
          CsrMatrix csr = layer.csr();
          int[] start = backend.memory().ints(csr.rowStart(), csr.rows() + 1);
          int[] column = backend.memory().ints(csr.column(), csr.nnz());
          int index = network.sparseWeights().indexOf(layer);
          for (int r = 0; r < csr.rows(); r++) {
            for (int k = start[r]; k < start[r + 1]; k++) {
              kept.add(1000 * index + r * csr.columns() + column[k]);
            }
          }
        }
      }
      assertEquals(0, backend.memory().liveBuffers());
      return kept;
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-100, -1, 0, 1, 100})
  void theHighestScoresStayWhateverTheirSigns(float centre) {
    for (int count = 2; count <= 35; count++) {
      assertEquals(expected(scores(centre), count), kept(scores(centre), count));
    }
  }

  @Test
  void theBestOfEachLayerStaysThoughOthersScoreHigher() {
    List<float[]> scores = scores(0);
    for (int k = 0; k < SIZES[0]; k++) {
      scores.get(0)[k] -= 1000;
    }
    assertEquals(1, kept(scores, 10).stream().filter(position -> position < 1000).count());
  }

  @Test
  void scoresThatAreNoNumbersAreExplained() {
    List<float[]> scores = scores(0);
    scores.get(1)[3] = Float.NaN;
    var error = assertThrows(UserException.class, () -> kept(scores, 10));
    assertTrue(error.getMessage().contains("linear2"), error.getMessage());
    assertTrue(error.getMessage().contains("NaN"), error.getMessage());
  }
}
