/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.plasticity;

import java.util.List;
import java.util.OptionalDouble;
import org.espalier.UserException;

/**
 * What to try.
 *
 * @param at shares of the run after which to prune, ascending in (0, 1]; each means the nearest
 *     whole epoch, at least the first
 * @param remove shares of the connections that are there to prune, ascending in [0, 1)
 * @param epochs how long to go on after pruning, at least 1
 * @param exchange what regeneration means: if empty, each layer grows as many connections as it
 *     lost; if given, in (0, 1), this share of what is left of each layer is pruned as well and as
 *     many are grown, so that all methods end with equally many
 * @param gradientBatches batches that gradients for growth are summed over, at least 1
 */
public record PlasticityRequest(
    List<Double> at,
    List<Double> remove,
    int epochs,
    OptionalDouble exchange,
    int gradientBatches) {

  /**
   * Checks the numbers.
   *
   * @throws UserException if one is out of its range
   */
  public PlasticityRequest {
    at = List.copyOf(at);
    remove = List.copyOf(remove);
    check(
        at,
        at.stream().allMatch(share -> share > 0 && share <= 1),
        "The points of the run to prune at",
        "above 0, at most 1");
    check(
        remove,
        remove.stream().allMatch(share -> share >= 0 && share < 1),
        "The shares of the connections to remove",
        "at least 0, below 1");
    if (epochs < 1) {
      throw new UserException(
          "The epochs to continue are %d; expected at least 1.".formatted(epochs));
    }
    if (exchange.isPresent() && !(exchange.getAsDouble() > 0 && exchange.getAsDouble() < 1)) {
      throw new UserException(
          "The share to regenerate is %s; expected above 0, below 1."
              .formatted(exchange.getAsDouble()));
    }
    if (gradientBatches < 1) {
      throw new IllegalArgumentException(
          "gradients of " + gradientBatches + " batches; expected at least 1");
    }
  }

  private static void check(List<Double> shares, boolean inRange, String what, String range) {
    boolean ascending = true;
    for (int i = 1; i < shares.size(); i++) {
      ascending &= shares.get(i) > shares.get(i - 1);
    }
    if (shares.isEmpty() || !inRange || !ascending) {
      throw new UserException(
          "%s are %s; expected ascending shares %s.".formatted(what, shares, range));
    }
  }

  /** Returns the epochs of a run to prune after, ascending; points that fall together are one. */
  List<Integer> epochsOf(int runEpochs) {
    return at.stream()
        .map(share -> Math.max(1, (int) Math.round(share * runEpochs)))
        .distinct()
        .toList();
  }

  /** Returns how many times training is continued at each point, once without pruning. */
  int trialsAtPoint() {
    return 1 + remove.size() * PruningMethod.values().length;
  }
}
