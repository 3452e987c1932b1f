/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;

/**
 * Rules that each update applies one after the other.
 *
 * @param rules at least one
 */
public record InOrder(List<TopologyRule> rules) implements TopologyRule {

  /** Copies the list. */
  public InOrder {
    rules = List.copyOf(rules);
    if (rules.isEmpty()) {
      throw new IllegalArgumentException("no rules to apply; expected at least one");
    }
  }

  @Override
  public boolean needsGradients() {
    return rules.stream().anyMatch(TopologyRule::needsGradients);
  }

  @Override
  public boolean growsByGradient() {
    return rules.stream().anyMatch(TopologyRule::growsByGradient);
  }

  @Override
  public boolean observes() {
    return rules.stream().anyMatch(TopologyRule::observes);
  }

  @Override
  public double observe(
      Backend backend, TopologyMemory memory, SparseWeights weights, Tensor x, Tensor dy) {
    return rules.stream().mapToDouble(rule -> rule.observe(backend, memory, weights, x, dy)).sum();
  }

  @Override
  public List<TopologyChange> update(TopologyUpdate update) {
    return together(rules.stream().map(rule -> rule.update(update)).toList());
  }

  @Override
  public List<TopologyChange> finish(TopologyUpdate update) {
    return together(rules.stream().map(rule -> rule.finish(update)).toList());
  }

  @Override
  public boolean changesAtFinish() {
    return rules.stream().anyMatch(TopologyRule::changesAtFinish);
  }

  private static List<TopologyChange> together(List<List<TopologyChange>> changes) {
    List<TopologyChange> sum = new ArrayList<>(changes.get(0));
    for (List<TopologyChange> next : changes.subList(1, changes.size())) {
      for (int l = 0; l < sum.size(); l++) {
        sum.set(l, sum.get(l).then(next.get(l)));
      }
    }
    return sum;
  }
}
