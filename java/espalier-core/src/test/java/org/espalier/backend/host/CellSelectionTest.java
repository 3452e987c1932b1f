/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Choosing among cells that are given one by one, which may be anywhere in a very large layer. */
class CellSelectionTest {

  private record Cell(float gradient, long position) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 4096, 4097, 1L << 31, 10_000_300_000L, 1L << 40, Long.MAX_VALUE})
  void takesTheLargestAndOfEqualOnesTheFirst(long size) {
    Random random = new Random(size);
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < Math.min(size, 500); i++) {
      long position =
          size <= 500 ? i : (size / 500) * i + random.nextInt((int) Math.min(size / 500, 9));
      cells.add(new Cell((random.nextInt(5) - 2) * 0.5f, position));
    }
    List<Cell> sorted = new ArrayList<>(cells);
    sorted.sort((a, b) -> Float.compare(Math.abs(b.gradient), Math.abs(a.gradient)));
    for (int count : new int[] {1, 100, 250, cells.size()}) {
      if (count <= cells.size()) {
        CellSelection selection = new CellSelection(size, count);
        while (!selection.isExact()) {
          long[][] histograms = new long[2][CellSelection.DIGITS];
          for (int i = 0; i < cells.size(); i++) {
            float[] one = {cells.get(i).gradient};
            selection.count(one, 0, 1, cells.get(i).position, histograms[i % 2]);
          }
          selection.narrow(histograms);
        }
        List<Cell> chosen = new ArrayList<>();
        for (Cell cell : cells) {
          Candidates list = new Candidates();
          selection.collect(new float[] {cell.gradient}, 0, 1, cell.position, list);
          if (list.size() > 0) {
            chosen.add(cell);
          }
        }
        assertEquals(
            sorted.subList(0, count).stream()
                .sorted((a, b) -> Long.compare(a.position, b.position))
                .toList(),
            chosen);
        assertEquals(count, selection.candidates());
      }
    }
  }
}
