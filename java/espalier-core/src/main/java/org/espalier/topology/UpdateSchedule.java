/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

/**
 * When the topology is updated.
 *
 * @param unit whether the interval counts epochs or training steps
 * @param interval updates happen after every so many; at least 1
 * @param until share of the run after which no more updates happen, in (0, 1]
 */
public record UpdateSchedule(Unit unit, int interval, double until) {

  /** What an interval counts. */
  public enum Unit {
    /** Passes over the training set. */
    EPOCHS,
    /** Batches. */
    STEPS
  }

  /** 0.29 * 100 is a little less than 29: without slack the last update would be lost. */
  private static final double ROUNDING = 1e-9;

  /** Checks the numbers. */
  public UpdateSchedule {
    if (interval < 1) {
      throw new IllegalArgumentException(
          "update interval is " + interval + "; expected at least 1");
    }
    if (!(until > 0 && until <= 1)) {
      throw new IllegalArgumentException("updates until " + until + "; expected in (0, 1]");
    }
  }

  /** Returns the schedule of SET: after every epoch. */
  public static UpdateSchedule everyEpoch() {
    return new UpdateSchedule(Unit.EPOCHS, 1, 1);
  }

  /** Tells whether an update follows the end of an epoch, counted from 1. */
  public boolean dueAfterEpoch(int epoch, int epochs) {
    return unit == Unit.EPOCHS && epoch % interval == 0 && epoch <= until * epochs + ROUNDING;
  }

  /** Returns the last step that belongs to the first share of a run. */
  long lastStep(double share, long steps) {
    return (long) Math.floor(share * steps + ROUNDING);
  }

  /** Tells whether an update follows a step, both counted over the whole run, from 1. */
  public boolean dueAfterStep(long step, long steps) {
    return unit == Unit.STEPS && step % interval == 0 && step <= until * steps + ROUNDING;
  }
}
