/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

/**
 * When the topology is updated.
 *
 * @param unit whether the interval counts epochs or training steps
 * @param interval updates happen after every so many; at least 1
 */
public record UpdateSchedule(Unit unit, int interval) {

  /** What an interval counts. */
  public enum Unit {
    /** Passes over the training set. */
    EPOCHS,
    /** Batches. */
    STEPS
  }

  /** Checks the interval. */
  public UpdateSchedule {
    if (interval < 1) {
      throw new IllegalArgumentException(
          "update interval is " + interval + "; expected at least 1");
    }
  }

  /** Returns the schedule of SET: after every epoch. */
  public static UpdateSchedule everyEpoch() {
    return new UpdateSchedule(Unit.EPOCHS, 1);
  }

  /** Tells whether an update follows the end of an epoch, counted from 1. */
  public boolean dueAfterEpoch(int epoch) {
    return unit == Unit.EPOCHS && epoch % interval == 0;
  }

  /** Tells whether an update follows a step, counted from 1 over the whole run. */
  public boolean dueAfterStep(long step) {
    return unit == Unit.STEPS && step % interval == 0;
  }
}
