/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

/**
 * The order in which SDDMM visits the connections of a large pattern: by panel, which is a stretch
 * of entries of the matrix and one thread's work, then by block of columns, then as they stand. So
 * the part of X that a block needs comes from the cache, however large X is.
 *
 * <p>What a row holds of a block is a segment. Its columns ascend, hence it is a stretch of entries
 * of the matrix too, and results go back segment by segment. Panel p has the segments {@code
 * firstSegment[p]} to {@code firstSegment[p + 1]}: for each block one for each of its rows, those
 * without a connection included.
 *
 * @param blocks number of blocks
 * @param blockColumns columns of a block; the last may have fewer
 * @param panelStart first entry of each panel, and at the end the number of entries
 * @param firstRow row of each panel's first entry
 * @param firstSegment first segment of each panel, and at the end the number of segments
 * @param segmentStart where each segment starts in {@code column}, and at the end nnz
 * @param segmentShift what leads from there to its place in the panel
 * @param column columns in the order of the plan, counted from the first of their block
 */
record SddmmPlan(
    int blocks,
    int blockColumns,
    int[] panelStart,
    int[] firstRow,
    int[] firstSegment,
    int[] segmentStart,
    int[] segmentShift,
    int[] column) {

  int panels() {
    return firstRow.length;
  }

  /** Returns how many rows a panel touches; it may hold only a part of the first and the last. */
  int rows(int panel) {
    return (firstSegment[panel + 1] - firstSegment[panel]) / blocks;
  }

  /** Returns the number of entries of the largest panel. */
  int largestPanel() {
    int largest = 0;
    for (int panel = 0; panel < panels(); panel++) {
      largest = Math.max(largest, panelStart[panel + 1] - panelStart[panel]);
    }
    return largest;
  }
}
