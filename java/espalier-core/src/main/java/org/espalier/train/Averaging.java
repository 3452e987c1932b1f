/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.espalier.nn.Network;
import org.espalier.nn.Statistics;
import org.espalier.optim.WeightAverage;

/** The averages of a run's weights and where they come in; does nothing if the plan wants none. */
final class Averaging implements AutoCloseable {

  private static final String PREFIX = "average.";

  private final Network network;
  private final WeightAverage average;
  private boolean restored;

  Averaging(Network network, TrainingPlan plan) {
    double decay = plan.refinements().averageDecay();
    this.network = network;
    this.average = decay == 0 ? null : new WeightAverage(network, plan.optimizer(), decay);
  }

  /** Takes up averages; those of parameters were restored with the network. */
  void restore(State state) {
    if (average == null) {
      return;
    }
    List<float[]> statistics = new ArrayList<>();
    for (Statistics of : network.statistics()) {
      int length = Math.toIntExact(of.values().length());
      statistics.add(state.floats(PREFIX + of.name(), length));
    }
    average.setStatistics(statistics);
    restored = true;
  }

  /** Puts into a state what is not part of the network's. */
  void save(State state) {
    if (average != null) {
      List<float[]> averages = average.statistics();
      for (int i = 0; i < averages.size(); i++) {
        state.put(PREFIX + network.statistics().get(i).name(), averages.get(i));
      }
    }
  }

  /** Sets averages to what they start with, unless they were restored. */
  void begin() {
    if (average != null && !restored) {
      average.begin();
    }
  }

  /** Takes in the weights after a step, which is counted from 0. */
  void afterStep(long step) {
    if (average != null) {
      average.update(step);
    }
  }

  /** Lets averages go with a change of the connections. */
  <T> T during(Supplier<T> change) {
    if (average == null) {
      return change.get();
    }
    average.relative();
    T result = change.get();
    average.absolute();
    return result;
  }

  /** Lets the network predict with the averages. */
  <T> T predicting(Supplier<T> use) {
    if (average == null) {
      return use.get();
    }
    average.exchange();
    T result = use.get();
    average.exchange();
    return result;
  }

  /** Leaves the network with the averages as its weights. */
  void finish() {
    if (average != null) {
      average.exchange();
    }
  }

  @Override
  public void close() {
    if (average != null) {
      average.close();
    }
  }
}
