/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import java.util.List;

/** The learning rate over a run. */
public sealed interface LearningRate {

  /**
   * Returns the rate of a step.
   *
   * @param epoch epochs done so far, with the fraction of the running one
   * @param epochs epochs of the whole run
   */
  double at(double epoch, double epochs);

  /** The same rate throughout. */
  record Constant(double rate) implements LearningRate {

    @Override
    public double at(double epoch, double epochs) {
      return rate;
    }
  }

  /**
   * A rate that drops at milestones.
   *
   * @param rate rate at the start
   * @param milestones shares of the run, ascending in (0, 1)
   * @param factor what the rate is multiplied by at each
   */
  record Step(double rate, List<Double> milestones, double factor) implements LearningRate {

    @Override
    public double at(double epoch, double epochs) {
      long passed = milestones.stream().filter(share -> epoch >= share * epochs).count();
      return rate * Math.pow(factor, passed);
    }
  }

  /**
   * Half a cosine from one rate to another.
   *
   * @param rate rate at the start
   * @param last rate at the end
   */
  record Cosine(double rate, double last) implements LearningRate {

    @Override
    public double at(double epoch, double epochs) {
      return last + (rate - last) * (1 + Math.cos(Math.PI * Math.min(1, epoch / epochs))) / 2;
    }
  }

  /**
   * A linear rise from nothing to another schedule's rate.
   *
   * @param then the schedule
   * @param warmupEpochs how long the rise takes, in epochs
   */
  record Warmup(LearningRate then, double warmupEpochs) implements LearningRate {

    @Override
    public double at(double epoch, double epochs) {
      double rate = then.at(epoch, epochs);
      return epoch < warmupEpochs ? rate * epoch / warmupEpochs : rate;
    }
  }
}
