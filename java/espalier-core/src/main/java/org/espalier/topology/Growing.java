/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.SgdRule;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/** The growing half of an update: finds cells for new connections of one layer. */
final class Growing {

  /** Cells that ever had a connection. */
  static final String FIRED = "fired";

  /** Cells whose momentum is kept up. */
  static final String CANDIDATES = "candidates";

  // what a layer's key is used for
  private static final int FIRST = 0;
  private static final int REST = 3;
  private static final int SAMPLE = 4;

  private final Backend backend;
  private final TopologyMemory memory;
  private final TopologyUpdate.Layer layer;
  private final DeviceBuffer keep;

  /**
   * Prepares the growth of a layer.
   *
   * @param keep flags of what stays
   */
  Growing(TopologyUpdate update, TopologyUpdate.Layer layer, DeviceBuffer keep) {
    this.backend = update.backend();
    this.memory = update.memory();
    this.layer = layer;
    this.keep = keep;
  }

  /** Finds {@code count} cells and leaves their positions, ascending. */
  void find(GrowthCriterion criterion, int count, DeviceBuffer positions) {
    if (criterion instanceof GrowthCriterion.Gradient) {
      gradient(count, positions);
    } else if (criterion instanceof GrowthCriterion.Mixed mixed) {
      int first = (int) (mixed.gradientShare() * count);
      thenAtRandom(count, first, positions, this::gradient);
    } else if (criterion instanceof GrowthCriterion.Unfired) {
      unfired(count, positions);
    } else if (criterion instanceof GrowthCriterion.Momentum) {
      momentum(count, positions);
    } else {
      random(count, positions);
    }
  }

  private CsrMatrix csr() {
    return layer.weights().csr();
  }

  private void random(int count, DeviceBuffer positions) {
    backend.topology().growRandom(csr(), keep, count, Keys.hash(layer.key(), FIRST), positions);
  }

  private void gradient(int count, DeviceBuffer positions) {
    backend.topology().growGradient(csr(), keep, layer.x(), layer.dy(), count, positions);
  }

  /** Finds cells in some way. */
  private interface Finder {
    void find(int count, DeviceBuffer positions);
  }

  /** Finds the first cells in some way and the others at random among what is left. */
  private void thenAtRandom(int count, int first, DeviceBuffer positions, Finder finder) {
    if (first == count) {
      finder.find(count, positions);
      return;
    }
    try (DeviceBuffer found = backend.memory().allocate(ElementType.INT64, first);
        DeviceBuffer drawn = backend.memory().allocate(ElementType.INT64, count - first);
        SparseWeights taken = PositionSets.copy(backend, layer.weights().name(), csr());
        SparseWeights chosen = PositionSets.empty(backend, layer.weights().name(), csr())) {
      finder.find(first, found);
      backend.topology().rebuild(taken, keep, found, first, ValueRule.ZEROS, 0, false);
      long key = Keys.hash(layer.key(), REST);
      PositionSets.drawOutside(backend, taken, count - first, key, drawn);
      PositionSets.add(backend, chosen, found, first);
      PositionSets.add(backend, chosen, drawn, count - first);
      backend.topology().positions(chosen.csr(), positions);
    }
  }

  private void unfired(int count, DeviceBuffer positions) {
    String name = layer.weights().name();
    if (memory.find(name, FIRED).isEmpty()) {
      memory.put(name, FIRED, PositionSets.copy(backend, name, csr()));
    }
    SparseWeights fired = memory.find(name, FIRED).orElseThrow();
    int fresh = (int) Math.min(count, csr().cells() - fired.csr().nnz());
    thenAtRandom(
        count,
        fresh,
        positions,
        (number, cells) -> {
          long key = Keys.hash(layer.key(), FIRST);
          PositionSets.drawOutside(backend, fired, number, key, cells);
          PositionSets.add(backend, fired, cells, number);
        });
  }

  private void momentum(int count, DeviceBuffer positions) {
    SparseWeights candidates = memory.find(layer.weights().name(), CANDIDATES).orElse(null);
    if (candidates == null) {
      random(count, positions);
      return;
    }
    int first = Math.min(count, candidates.csr().nnz());
    thenAtRandom(count, first, positions, (number, cells) -> largest(candidates, number, cells));
  }

  /** Leaves only the candidates of largest momentum, and lists them. */
  private void largest(SparseWeights candidates, int count, DeviceBuffer positions) {
    CsrMatrix csr = candidates.csr();
    try (DeviceBuffer stay = backend.memory().allocate(ElementType.INT32, csr.nnz())) {
      backend
          .topology()
          .pruneMagnitude(
              List.of(csr.withValues(candidates.state().get(0))), List.of(stay), csr.nnz() - count);
      backend.topology().rebuild(candidates, stay, null, 0, ValueRule.ZEROS, 0, false);
    }
    backend.topology().positions(candidates.csr(), positions);
  }

  /** Draws new candidates, as many as there are connections if there is room. */
  static void drawCandidates(TopologyUpdate update, TopologyUpdate.Layer layer) {
    Backend backend = update.backend();
    CsrMatrix csr = layer.weights().csr();
    String name = layer.weights().name();
    int count = (int) Math.min(csr.nnz(), csr.cells() - csr.nnz());
    SparseWeights candidates = PositionSets.empty(backend, name, csr);
    update.memory().put(name, CANDIDATES, candidates);
    candidates.addState(backend.memory().allocate(ElementType.FLOAT32, 0));
    try (DeviceBuffer keep = PositionSets.keepAll(backend, csr);
        DeviceBuffer positions = backend.memory().allocate(ElementType.INT64, count)) {
      long key = Keys.hash(layer.key(), SAMPLE);
      backend.topology().growRandom(csr, keep, count, key, positions);
      PositionSets.add(backend, candidates, positions, count);
    }
  }

  /** Keeps up the momentum of the candidates. */
  static void observe(
      Backend backend, SparseWeights candidates, double momentum, Tensor x, Tensor dy) {
    backend
        .sparse()
        .sddmmSgd(
            candidates,
            x,
            dy,
            candidates.state().get(0),
            null,
            new SgdRule((float) momentum, false, 0),
            0);
  }
}
