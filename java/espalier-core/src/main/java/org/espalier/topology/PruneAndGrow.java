/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.backend.Backend;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * Dynamic sparse training: prune a fraction of the connections, grow as many elsewhere. Survivors
 * keep their optimizer state, new connections start without. SET, RigL, ITOP, SNFS, MEST and the
 * neuroregeneration of GraNet are all of this form.
 *
 * @param criterion what is pruned
 * @param scope among which connections
 * @param fraction how many, over the run
 * @param growth where new ones grow
 * @param redistribution how many in each layer
 * @param newWeights what a grown connection starts with
 * @param keepRegrown whether a connection pruned and grown again in one update keeps its value
 * @param pruneAtEnd whether {@link #finish} prunes once more without growing (SET)
 */
public record PruneAndGrow(
    PruneCriterion criterion,
    PruneScope scope,
    DropFraction fraction,
    GrowthCriterion growth,
    Redistribution redistribution,
    NewWeights newWeights,
    boolean keepRegrown,
    boolean pruneAtEnd)
    implements TopologyRule {

  private static final int VALUES = 1; // what a layer's key is used for, beside Growing's

  /** What a grown connection starts with. */
  public enum NewWeights {
    /** A draw from the layer's initial distribution, as SET's sparse code does. */
    INITIAL,
    /** Zero. */
    ZERO
  }

  /** Checks that the criterion works in the scope. */
  public PruneAndGrow {
    scope.check(criterion);
  }

  /** Returns SET as published: zeta 0.3, new weights drawn afresh, pruning only at the end. */
  public static PruneAndGrow set() {
    return new PruneAndGrow(
        new PruneCriterion.Signwise(),
        PruneScope.LAYER,
        new DropFraction.Constant(0.3),
        new GrowthCriterion.Random(),
        Redistribution.NONE,
        NewWeights.INITIAL,
        false,
        true);
  }

  @Override
  public boolean needsGradients() {
    return criterion.needsGradients() || growth.needsGradients();
  }

  @Override
  public List<TopologyChange> update(TopologyUpdate update) {
    double until = update.moment().schedule().until();
    double progress = Math.min(1, update.moment().share() / until);
    List<TopologyChange> changes = new ArrayList<>();
    try (Pruning pruning = Pruning.fraction(update, criterion, scope, fraction.at(progress))) {
      long[] pruned = pruning.counts();
      long[] grown = redistribution.grown(update, pruned);
      for (int l = 0; l < grown.length; l++) {
        TopologyUpdate.Layer layer = update.layers().get(l);
        grow(update, layer, pruning.keep(l), (int) grown[l]);
        changes.add(TopologyChange.of(layer.weights(), pruned[l], grown[l]));
      }
    }
    if (observes()) {
      update.layers().forEach(layer -> Growing.drawCandidates(update, layer));
    }
    return changes;
  }

  private void grow(
      TopologyUpdate update, TopologyUpdate.Layer layer, DeviceBuffer keep, int count) {
    Backend backend = update.backend();
    SparseWeights weights = layer.weights();
    ValueRule initial = newWeights == NewWeights.ZERO ? ValueRule.ZEROS : weights.initialValues();
    backend.working(weights.name());
    try (DeviceBuffer positions = backend.memory().allocate(ElementType.INT64, count)) {
      new Growing(update, layer, keep).find(growth, count, positions);
      long valueKey = Keys.hash(layer.key(), VALUES);
      backend.topology().rebuild(weights, keep, positions, count, initial, valueKey, keepRegrown);
    }
  }

  @Override
  public boolean growsByGradient() {
    return growth.needsGradients();
  }

  @Override
  public boolean observes() {
    return growth instanceof GrowthCriterion.Momentum;
  }

  @Override
  public double observe(
      Backend backend, TopologyMemory memory, SparseWeights weights, Tensor x, Tensor dy) {
    Optional<SparseWeights> candidates = memory.find(weights.name(), Growing.CANDIDATES);
    if (candidates.isEmpty() || !(growth instanceof GrowthCriterion.Momentum momentum)) {
      return 0;
    }
    Growing.observe(backend, candidates.get(), momentum.momentum(), x, dy);
    CsrMatrix csr = candidates.get().csr();
    return 2.0 * csr.nnz() * csr.taps().pixels(dy);
  }

  @Override
  public List<TopologyChange> finish(TopologyUpdate update) {
    if (!pruneAtEnd) {
      return TopologyRule.super.finish(update);
    }
    List<TopologyChange> changes = new ArrayList<>();
    try (Pruning pruning = Pruning.fraction(update, criterion, scope, fraction.at(1))) {
      pruning.remove(changes);
    }
    return changes;
  }

  @Override
  public boolean changesAtFinish() {
    return pruneAtEnd;
  }
}
