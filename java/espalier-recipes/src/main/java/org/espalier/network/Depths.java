/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a depth means in layers. */
final class Depths {

  private static final int STAGES = 3;
  private static final int CONVOLUTIONS = 2;

  private Depths() {}

  /**
   * Returns the layers or blocks of each stage.
   *
   * @param known by depth, in order
   * @throws org.espalier.UserException if there is none of this depth
   */
  static int[] of(Map<Integer, int[]> known, NetworkSettings settings, String kind) {
    int[] stages = known.get(settings.depth());
    if (stages == null) {
      throw settings.wrongDepth(kind, orList(List.copyOf(known.keySet())));
    }
    return stages;
  }

  /**
   * Returns the blocks of a stage, of three stages with blocks of two convolutions.
   *
   * @param outside layers that the depth counts beside them
   * @param usual depths
   * @throws org.espalier.UserException if no number of blocks makes this depth
   */
  static int blocks(NetworkSettings settings, String kind, int outside, String usual) {
    int inside = settings.depth() - outside;
    int step = STAGES * CONVOLUTIONS;
    if (inside < step || inside % step != 0) {
      throw settings.wrongDepth(kind, "%d n + %d, such as %s".formatted(step, outside, usual));
    }
    return inside / step;
  }

  private static String orList(List<Integer> depths) {
    int last = depths.size() - 1;
    return depths.subList(0, last).stream().map(String::valueOf).collect(Collectors.joining(", "))
        + " or "
        + depths.get(last);
  }
}
