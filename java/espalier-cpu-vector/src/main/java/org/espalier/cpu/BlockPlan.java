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
 * 1]}: for each block one for each of its rows, those without a connection included.
 *
 * <p>All that a product has to know of the segments stands in {@code visit}, in the order in which
 * it is needed: of each segment its row, where it ends, and what leads from a place in {@code
 * visit} to the entry of the panel it stands for; then where its connections read X. So a loop
 * needs one array and one index, and a processor that runs ahead of the sums finds everything.
 *
 * @param stride of X
 * @param blocks number of blocks
 * @param panelStart first entry of each panel, and at the end the number of entries
 * @param firstSegment first segment of each panel, and at the end the number of segments
 * @param segmentAt where each segment starts in {@code visit}, and at the end its length
 * @param visit the segments: position p of what a connection reads is at element {@code visit[k] +
 *     p} of X
 */
record BlockPlan(
    int stride, int blocks, int[] panelStart, int[] firstSegment, int[] segmentAt, int[] visit) {

  /** What comes before the connections of a segment: its row, its end, the way to its entries. */
  static final int HEAD = 3;

  int panels() {
    return panelStart.length - 1;
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

  /** Returns where a panel starts in {@code visit}, or for the number of panels where all end. */
  int panelAt(int panel) {
    return segmentAt[firstSegment[panel]];
  }

  /** Returns which entry of its panel the segment at a place of {@code visit} starts with. */
  int entry(int at) {
    return visit[at + 2] + at + HEAD;
  }
}
