/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.plasticity;

import java.util.ArrayList;
import java.util.List;
import org.espalier.nn.Network;
import org.espalier.train.NetworkState;
import org.espalier.train.State;
import org.espalier.train.TrainingListener;

/** Keeps the network of some epochs of a run in memory, with its optimizer. */
final class Snapshots implements TrainingListener {

  private final Network network;
  private final List<Integer> epochs;
  private final TrainingListener next;
  private final List<Snapshot> taken = new ArrayList<>();

  /**
   * A network as it was.
   *
   * @param epoch after which, topology update included
   * @param learningRate of the last step
   */
  record Snapshot(int epoch, double learningRate, State state) {}

  /**
   * Prepares to look on at a run.
   *
   * @param epochs which to keep
   * @param next is told everything as well
   */
  Snapshots(Network network, List<Integer> epochs, TrainingListener next) {
    this.network = network;
    this.epochs = epochs;
    this.next = next;
  }

  /** Returns what was kept, in the order of the run. */
  List<Snapshot> taken() {
    return taken;
  }

  @Override
  public void onStep(int epoch, int step, int steps, double loss) {
    next.onStep(epoch, step, steps, loss);
  }

  @Override
  public void onTopologyUpdate(TopologyReport report) {
    next.onTopologyUpdate(report);
  }

  @Override
  public void onEpoch(EpochReport report) {
    if (epochs.contains(report.epoch())) {
      State state = new State("epoch " + report.epoch());
      NetworkState.save(network, state, true);
      taken.add(new Snapshot(report.epoch(), report.learningRate(), state));
    }
    next.onEpoch(report);
  }
}
