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

  private static void checkRate(String what, double rate) {
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(what + " is " + rate + "; expected at least 0");
    }
  }

  /** The same rate throughout. */
  record Constant(double rate) implements LearningRate {

    /** Checks the rate. */
    public Constant {
      checkRate("learning rate", rate);
    }

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

    /** Checks rate, milestones and factor. */
    public Step {
      checkRate("learning rate", rate);
      checkRate("factor of the learning rate", factor);
      milestones = List.copyOf(milestones);
      double last = 0;
      for (double share : milestones) {
        if (!(share > last && share < 1)) {
          throw new IllegalArgumentException(
              "milestones are " + milestones + "; expected ascending shares of the run in (0, 1)");
        }
        last = share;
      }
    }

    private static final double ROUNDING = 1e-9;

    @Override
    public double at(double epoch, double epochs) {
      // 0.14 * 50 is a little more than 7: without slack the drop would come a step late
      long passed = milestones.stream().filter(share -> epoch >= share * epochs - ROUNDING).count();
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

    /** Checks the rates. */
    public Cosine {
      checkRate("learning rate", rate);
      checkRate("last learning rate", last);
    }

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

    /** Checks the length. */
    public Warmup {
      checkRate("warm-up in epochs", warmupEpochs);
    }

    @Override
    public double at(double epoch, double epochs) {
      double rate = then.at(epoch, epochs);
      return epoch < warmupEpochs ? rate * epoch / warmupEpochs : rate;
    }
  }

  /**
   * A rise to another schedule's rate that is the same throughout an epoch: its share {@code (e +
   * 1) / (warmupEpochs + 1)} in epoch e, counted from 0.
   *
   * @param then the schedule
   * @param warmupEpochs epochs before the full rate
   */
  record EpochWarmup(LearningRate then, double warmupEpochs) implements LearningRate {

    /** Checks the length. */
    public EpochWarmup {
      checkRate("warm-up in epochs", warmupEpochs);
    }

    @Override
    public double at(double epoch, double epochs) {
      double rate = then.at(epoch, epochs);
      double whole = Math.floor(epoch);
      return whole < warmupEpochs ? rate * (whole + 1) / (warmupEpochs + 1) : rate;
    }
  }
}
