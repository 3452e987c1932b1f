/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.plasticity;

import java.util.List;

/**
 * What is known so far, as in plasticity.json.
 *
 * @param setting what was asked for
 * @param points in the order of the run
 * @param finished whether all points are there
 */
public record PlasticityResult(Setting setting, List<PlasticityPoint> points, boolean finished) {

  /** Copies the list. */
  public PlasticityResult {
    points = List.copyOf(points);
  }

  /**
   * What was asked for.
   *
   * @param recipe name of the recipe
   * @param data name of the data set
   * @param backend what computed
   * @param seed of all random choices
   * @param espalierVersion of this program
   * @param epochs of the run that was pruned
   * @param continuedEpochs after each pruning
   * @param remove shares of the connections to prune
   * @param exchange share of what is left that regeneration exchanges; null if it grows as many as
   *     were pruned
   * @param settings of the recipe, as YAML
   */
  public record Setting(
      String recipe,
      String data,
      String backend,
      long seed,
      String espalierVersion,
      int epochs,
      int continuedEpochs,
      List<Double> remove,
      Double exchange,
      String settings) {}
}
