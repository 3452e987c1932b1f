/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.espalier.topology.UpdateSchedule.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateScheduleTest {

  private static List<Integer> epochs(UpdateSchedule schedule, int epochs) {
    return IntStream.rangeClosed(1, epochs)
        .filter(epoch -> schedule.dueAfterEpoch(epoch, epochs))
        .boxed()
        .toList();
  }

  private static List<Integer> steps(UpdateSchedule schedule, int steps) {
    return IntStream.rangeClosed(1, steps)
        .filter(step -> schedule.dueAfterStep(step, steps))
        .boxed()
        .toList();
  }

  @Test
  void epochsCountEpochsOnly() {
    UpdateSchedule schedule = new UpdateSchedule(Unit.EPOCHS, 3, 1);
    assertEquals(List.of(3, 6, 9), epochs(schedule, 10));
    assertEquals(List.of(), steps(schedule, 10));
  }

  @Test
  void stepsCountStepsOnly() {
    UpdateSchedule schedule = new UpdateSchedule(Unit.STEPS, 4, 1);
    assertEquals(List.of(4, 8), steps(schedule, 11));
    assertEquals(List.of(), epochs(schedule, 11));
  }

  @Test
  void updatesEndWithTheirShareOfTheRun() {
    assertEquals(List.of(2, 4, 6), epochs(new UpdateSchedule(Unit.EPOCHS, 2, 0.75), 8));
    assertEquals(List.of(10, 20, 30), steps(new UpdateSchedule(Unit.STEPS, 10, 0.3), 100));
  }

  @Test
  void roundingDoesNotLoseTheLastUpdate() {
    for (int percent = 1; percent <= 100; percent++) {
      UpdateSchedule epochs = new UpdateSchedule(Unit.EPOCHS, 1, percent / 100.0);
      assertEquals(percent, epochs(epochs, 100).size());
      UpdateSchedule steps = new UpdateSchedule(Unit.STEPS, 1, percent / 100.0);
      assertEquals(2 * percent, steps(steps, 200).size());
    }
  }

  @Test
  void everyEpochIsEveryEpoch() {
    assertEquals(List.of(1, 2, 3, 4, 5), epochs(UpdateSchedule.everyEpoch(), 5));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "-1, 1", "1, 0", "1, 1.01", "1, NaN"})
  void impossibleNumbersAreRefused(int interval, double until) {
    assertThrows(
        IllegalArgumentException.class, () -> new UpdateSchedule(Unit.STEPS, interval, until));
  }
}
