/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.List;
import org.espalier.topology.TopologyChange;

/** Is told how a run goes, on the thread that trains; every method may be left out. */
public interface TrainingListener {

  /**
   * A step is done.
   *
   * @param epoch the running epoch, from 1
   * @param step steps of this epoch done so far
   * @param steps steps of a whole epoch
   * @param loss mean loss of the batch
   */
  default void onStep(int epoch, int step, int steps, double loss) {}

  /** An epoch is done, and evaluated if that was due. */
  default void onEpoch(EpochReport report) {}

  /** Connections were pruned and grown. */
  default void onTopologyUpdate(TopologyReport report) {}

  /**
   * The run can be taken up again from this state. What was reported before this call will not be
   * reported again, topology updates of the running epoch included; what is reported after it will.
   *
   * @param epoch the epoch the state belongs to, from 1
   * @param state holds everything; valid during the call only
   */
  default void onCheckpoint(int epoch, State state) {}

  /**
   * Figures of one epoch.
   *
   * @param epoch from 1
   * @param epochs of the whole run
   * @param step steps since the start of the run
   * @param train loss and accuracy while training
   * @param test loss and accuracy on the test samples after the epoch; null if it was not evaluated
   * @param learningRate of the last step
   * @param activeWeights connections of the network
   * @param density share of the dense network's weights
   * @param layers connections of each sparse layer, input first
   * @param seconds what the epoch took
   */
  record EpochReport(
      int epoch,
      int epochs,
      long step,
      Evaluation train,
      Evaluation test,
      double learningRate,
      long activeWeights,
      double density,
      List<LayerConnections> layers,
      Seconds seconds) {}

  /**
   * Figures of one topology update.
   *
   * @param update number of the update, from 1
   * @param epoch running or just finished, from 1
   * @param step steps since the start of the run
   * @param changes of each sparse layer, input first
   * @param seconds what the update took
   */
  record TopologyReport(
      int update, int epoch, long step, List<TopologyChange> changes, double seconds) {}

  /**
   * Where time went.
   *
   * @param train in training steps, loading of batches included
   * @param topology in topology updates
   * @param evaluate on the test samples
   */
  record Seconds(double train, double topology, double evaluate) {

    Seconds plus(Seconds other) {
      return new Seconds(train + other.train, topology + other.topology, evaluate + other.evaluate);
    }
  }
}
