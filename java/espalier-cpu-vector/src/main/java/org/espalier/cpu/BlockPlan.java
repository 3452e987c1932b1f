/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

/**
 * The order in which a product visits the connections of a pattern: by panel, which is a stretch of
 * entries of the matrix, then by block of columns, then as they stand. So the part of X that a
 * block needs comes from the nearest caches, however large X is. A panel is one thread's work in
 * SDDMM; SpMM has one panel and cuts its rows.
 *
 * <p>What a row holds of a block is a segment. Its columns ascend, hence it is a stretch of entries
 * of the matrix too. Panel p has the segments {@code firstSegment[p]} to {@code firstSegment[p +
 * 1]}: for each block one for each of its rows, those without a connection included. Where segments
 * end is known ahead, and offsets come in the order of the visit, so a processor that runs ahead of
 * the sums finds both.
 *
 * @param stride of X
 * @param blocks number of blocks
 * @param panelStart first entry of each panel, and at the end the number of entries
 * @param firstRow row that each panel starts with; a panel alone has all rows
 * @param firstSegment first segment of each panel, and at the end the number of segments
 * @param segmentStart where each segment starts in {@code offset}, and at the end nnz
 * @param segmentShift what leads from there to its place in the panel
 * @param offset where connections read X, in the order of the plan: position p at element {@code
 *     offset[k] + p}
 */
record BlockPlan(
    int stride,
    int blocks,
    int[] panelStart,
    int[] firstRow,
    int[] firstSegment,
    int[] segmentStart,
    int[] segmentShift,
    int[] offset) {

  int panels() {
    return firstRow.length;
  }

  /** Returns how many rows a panel touches; it may hold only a part of the first and the last. */
  int rows(int panel) {
    return (firstSegment[panel + 1] - firstSegment[panel]) / blocks;
  }

  /** Returns the number of entries of a panel. */
  int entries(int panel) {
    return panelStart[panel + 1] - panelStart[panel];
  }

  /** Returns the number of entries of the largest panel. */
  int largestPanel() {
    int largest = 0;
    for (int panel = 0; panel < panels(); panel++) {
      largest = Math.max(largest, entries(panel));
    }
    return largest;
  }
}
