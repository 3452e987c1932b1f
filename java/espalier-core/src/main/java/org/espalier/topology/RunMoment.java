/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

/**
 * Where in a run an update happens.
 *
 * @param step steps done
 * @param steps steps of the whole run, at least 1
 * @param stepsPerEpoch steps of an epoch, at least 1
 * @param schedule when updates happen
 */
public record RunMoment(long step, long steps, long stepsPerEpoch, UpdateSchedule schedule) {

  /** The beginning of a run. */
  static final RunMoment START = new RunMoment(0, 1, 1, UpdateSchedule.everyEpoch());

  /** Returns the share of the run that is done, in [0, 1]. */
  public double share() {
    return Math.min(1, step / (double) steps);
  }

  /**
   * Returns the share of the run that is done at the last update at or before a share of the run,
   * or 0 if there is none. A run has no update at its very end.
   */
  public double lastUpdate(double until) {
    long every =
        schedule.unit() == UpdateSchedule.Unit.STEPS
            ? schedule.interval()
            : schedule.interval() * stepsPerEpoch;
    long limit = schedule.lastStep(Math.min(until, schedule.until()), steps);
    return Math.min(limit, steps - 1) / every * every / (double) steps;
  }
}
