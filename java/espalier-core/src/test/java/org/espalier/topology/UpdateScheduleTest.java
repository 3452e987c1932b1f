/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.espalier.topology.UpdateSchedule.Unit;
import org.junit.jupiter.api.Test;

class UpdateScheduleTest {

  @Test
  void epochsCountEpochsOnly() {
    UpdateSchedule schedule = new UpdateSchedule(Unit.EPOCHS, 3);
    assertEquals(
        List.of(3, 6, 9),
        IntStream.rangeClosed(1, 10).filter(schedule::dueAfterEpoch).boxed().toList());
    assertFalse(IntStream.rangeClosed(1, 10).anyMatch(schedule::dueAfterStep));
  }

  @Test
  void stepsCountStepsOnly() {
    UpdateSchedule schedule = new UpdateSchedule(Unit.STEPS, 4);
    assertEquals(
        List.of(4, 8),
        IntStream.rangeClosed(1, 11).filter(schedule::dueAfterStep).boxed().toList());
    assertFalse(IntStream.rangeClosed(1, 11).anyMatch(schedule::dueAfterEpoch));
  }

  @Test
  void everyEpochIsEveryEpoch() {
    assertEquals(
        5, IntStream.rangeClosed(1, 5).filter(UpdateSchedule.everyEpoch()::dueAfterEpoch).count());
  }

  @Test
  void intervalsBelowOneAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new UpdateSchedule(Unit.STEPS, 0));
  }
}
