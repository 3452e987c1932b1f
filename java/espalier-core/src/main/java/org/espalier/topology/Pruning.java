/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.espalier.backend.Backend;
import org.espalier.backend.PruneScore;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** The pruning half of an update: for each layer the flags of what stays, and how many go. */
final class Pruning implements AutoCloseable {

  private static final int RANDOM_SCORES = 2; // what a layer's key is used for

  private final Backend backend;
  private final List<TopologyUpdate.Layer> layers;
  private final List<DeviceBuffer> keep = new ArrayList<>();
  private final long[] pruned;

  private Pruning(TopologyUpdate update) {
    this.backend = update.backend();
    this.layers = update.layers();
    this.pruned = new long[layers.size()];
  }

  private static Pruning marked(TopologyUpdate update, Consumer<Pruning> marking) {
    Pruning pruning = new Pruning(update);
    try {
      for (TopologyUpdate.Layer layer : update.layers()) {
        int nnz = layer.weights().csr().nnz();
        update.backend().working(layer.weights().name());
        pruning.keep.add(update.backend().memory().allocate(ElementType.INT32, nnz));
      }
      marking.accept(pruning);
      return pruning;
    } catch (RuntimeException | Error failure) {
      pruning.close();
      throw failure;
    }
  }

  /** Prunes a fraction of the connections, rounded up in each layer; by sign, down for each. */
  static Pruning fraction(
      TopologyUpdate update, PruneCriterion criterion, PruneScope scope, double fraction) {
    if (criterion instanceof PruneCriterion.Signwise) {
      return marked(update, pruning -> pruning.signwise(fraction));
    }
    long[] counts =
        update.layers().stream()
            .mapToLong(layer -> roundUp(fraction * layer.weights().csr().nnz()))
            .toArray();
    return marked(
        update,
        pruning -> {
          if (scope.global()) {
            pruning.global(criterion, scope, Arrays.stream(counts).sum());
          } else {
            pruning.local(criterion, counts);
          }
        });
  }

  /** Prunes a number of connections; in the scope of layers in proportion to what they have. */
  static Pruning count(
      TopologyUpdate update, PruneCriterion criterion, PruneScope scope, long count) {
    return marked(
        update,
        pruning -> {
          if (scope.global()) {
            pruning.global(criterion, scope, count);
          } else {
            pruning.local(criterion, pruning.inProportion(count));
          }
        });
  }

  /** 0.1 * 30 is a little more than 3: without slack it would count as 4. */
  private static long roundUp(double count) {
    return (long) Math.ceil(count - 1e-9);
  }

  private CsrMatrix csr(int layer) {
    return layers.get(layer).weights().csr();
  }

  DeviceBuffer keep(int layer) {
    return keep.get(layer);
  }

  /** Returns how many go in each layer. */
  long[] counts() {
    return pruned.clone();
  }

  /** Removes what is marked, and tells. */
  void remove(List<TopologyChange> changes) {
    for (int l = 0; l < pruned.length; l++) {
      SparseWeights weights = layers.get(l).weights();
      if (pruned[l] > 0) {
        backend.topology().rebuild(weights, keep(l), null, 0, ValueRule.ZEROS, 0, false);
      }
      changes.add(TopologyChange.of(weights, pruned[l], 0));
    }
  }

  private long[] inProportion(long count) {
    long[] nnz = layers.stream().mapToLong(layer -> layer.weights().csr().nnz()).toArray();
    return Apportionment.split(count, Arrays.stream(nnz).asDoubleStream().toArray(), nnz);
  }

  private void signwise(double fraction) {
    for (int l = 0; l < pruned.length; l++) {
      pruned[l] = backend.topology().pruneSignwise(csr(l), fraction, keep(l));
    }
  }

  private void local(PruneCriterion criterion, long[] counts) {
    for (int l = 0; l < counts.length; l++) {
      mark(criterion, new int[] {l}, counts[l]);
      pruned[l] = counts[l];
    }
  }

  /**
   * Prunes over all layers. A layer that would fall below its floor is pruned down to the floor,
   * and the others share the rest.
   */
  private void global(PruneCriterion criterion, PruneScope scope, long count) {
    long[] most = new long[pruned.length];
    for (int l = 0; l < most.length; l++) {
      most[l] = csr(l).nnz() - scope.floor(csr(l).rows(), csr(l).nnz());
    }
    boolean[] atFloor = new boolean[pruned.length];
    long left = Math.min(count, Arrays.stream(most).sum());
    while (true) {
      int[] open = IntStream.range(0, most.length).filter(l -> !atFloor[l]).toArray();
      mark(criterion, open, left);
      boolean below = false;
      for (int l : open) {
        pruned[l] = csr(l).nnz() - backend.topology().countKept(keep(l), csr(l).nnz());
        if (pruned[l] > most[l]) {
          below = true;
          atFloor[l] = true;
          mark(criterion, new int[] {l}, most[l]);
          pruned[l] = most[l];
          left -= most[l];
        }
      }
      if (!below) {
        return;
      }
    }
  }

  /** Marks the least valuable connections of some layers together. */
  private void mark(PruneCriterion criterion, int[] which, long count) {
    List<CsrMatrix> scored = new ArrayList<>();
    List<DeviceBuffer> scores = new ArrayList<>();
    try {
      for (int l : which) {
        if (criterion instanceof PruneCriterion.Scored byScore) {
          scores.add(backend.memory().allocate(ElementType.FLOAT32, csr(l).nnz()));
          score(layers.get(l), byScore.score(), scores.get(scores.size() - 1));
          scored.add(csr(l).withValues(scores.get(scores.size() - 1)));
        } else {
          scored.add(csr(l));
        }
      }
      List<DeviceBuffer> flags = Arrays.stream(which).mapToObj(this::keep).toList();
      backend.topology().pruneMagnitude(scored, flags, count);
    } finally {
      scores.forEach(DeviceBuffer::close);
    }
  }

  private void score(TopologyUpdate.Layer layer, PruneScore score, DeviceBuffer scores) {
    CsrMatrix csr = layer.weights().csr();
    long key = Keys.hash(layer.key(), RANDOM_SCORES);
    if (!score.kind().readsGradient()) {
      backend.topology().score(score, csr, null, key, scores);
      return;
    }
    try (DeviceBuffer gradient = backend.memory().allocate(ElementType.FLOAT32, csr.nnz())) {
      backend.sparse().sddmm(csr, layer.x(), layer.dy(), gradient, null);
      backend.topology().score(score, csr, gradient, key, scores);
    }
  }

  @Override
  public void close() {
    keep.forEach(DeviceBuffer::close);
  }
}
