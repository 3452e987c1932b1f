/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.backend.Memory;
import org.espalier.measure.TopologyMeasures.Movement;
import org.espalier.nn.Network;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.train.State;

/**
 * Remembers which positions of the sparse layers a run has tried. It copies the indices of all
 * connections from the device after each topology update, which is all that an update costs, and
 * holds the connections of the start, those before the last update, and the union of all so far: of
 * the order of what was ever active.
 */
public final class TopologyTracker {

  private static final String EVER = "measure.ever.";
  private static final String START = "measure.start.";

  private final Network network;
  private final List<Layer> layers = new ArrayList<>();

  private static final class Layer {
    private PositionSet ever;
    private PositionSet start;
    private PositionSet last;
    private Overlap withStart;
    private Overlap withLast;
  }

  /** Copies of the indices of a CSR matrix. */
  private record Indices(int columns, int[] rowStart, int[] column) {

    static Indices of(Memory memory, CsrMatrix csr) {
      return new Indices(
          csr.columns(),
          memory.ints(csr.rowStart(), csr.rows() + 1),
          memory.ints(csr.column(), csr.nnz()));
    }

    PositionSet toSet() {
      return PositionSet.of(columns, rowStart, column);
    }
  }

  /**
   * Starts to track a network; its connections as they are now are the start.
   *
   * @param network stays the caller's and must be open at every call
   */
  public TopologyTracker(Network network) {
    this(network, Optional.empty());
  }

  private TopologyTracker(Network network, Optional<State> checkpoint) {
    this.network = network;
    for (SparseWeights weights : network.sparseWeights()) {
      Indices now = Indices.of(network.backend().memory(), weights.csr());
      Layer layer = new Layer();
      layer.last = now.toSet();
      layer.ever = checkpoint.map(s -> restore(s, EVER, weights)).orElseGet(now::toSet);
      layer.start = checkpoint.map(s -> restore(s, START, weights)).orElse(layer.last);
      layer.withStart = layer.start.overlap(now.rowStart, now.column);
      layer.withLast = layer.last.overlap(now.rowStart, now.column);
      layers.add(layer);
    }
  }

  private static PositionSet restore(State state, String prefix, SparseWeights weights) {
    CsrMatrix csr = weights.csr();
    return PositionSet.restore(state, prefix + weights.name(), csr.rows(), csr.columns());
  }

  /**
   * Takes up what {@link #save} left; empty if the checkpoint was made without tracking.
   *
   * @param network restored from the same checkpoint
   * @throws org.espalier.UserException if what was left does not fit the network
   */
  public static Optional<TopologyTracker> resume(Network network, State checkpoint) {
    boolean tracked =
        network.sparseWeights().stream()
            .allMatch(weights -> checkpoint.has(EVER + weights.name() + ".count"));
    return tracked
        ? Optional.of(new TopologyTracker(network, Optional.of(checkpoint)))
        : Optional.empty();
  }

  /** Adds to a checkpoint what {@link #resume} needs. */
  public void save(State state) {
    for (int l = 0; l < layers.size(); l++) {
      String name = network.sparseWeights().get(l).name();
      layers.get(l).ever.save(state, EVER + name);
      layers.get(l).start.save(state, START + name);
    }
  }

  /** Looks at the network after a topology update. */
  public TopologyMeasures update() {
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      CsrMatrix csr = network.sparseWeights().get(l).csr();
      Indices now = Indices.of(network.backend().memory(), csr);
      layer.ever.addAll(now.rowStart, now.column);
      layer.withStart = layer.start.overlap(now.rowStart, now.column);
      layer.withLast = layer.last.overlap(now.rowStart, now.column);
      layer.last = now.toSet();
    }
    return measures();
  }

  /** Returns what the last update found. */
  public TopologyMeasures measures() {
    long ever = 0;
    long cells = 0;
    Overlap start = Overlap.NONE;
    Overlap last = Overlap.NONE;
    List<Movement> each = new ArrayList<>();
    for (Layer layer : layers) {
      ever += layer.ever.size();
      cells += layer.ever.cells();
      start = start.plus(layer.withStart);
      last = last.plus(layer.withLast);
      each.add(
          new Movement(
              layer.ever.cells(),
              layer.ever.size() / (double) layer.ever.cells(),
              layer.withStart.distance(),
              layer.withLast.distance()));
    }
    Movement overall =
        new Movement(cells, ever / (double) cells, start.distance(), last.distance());
    return new TopologyMeasures(overall, each);
  }

  /** Returns the connections that each sparse layer had at the start, input first. */
  public List<PositionSet> start() {
    return layers.stream().map(layer -> layer.start).toList();
  }
}
