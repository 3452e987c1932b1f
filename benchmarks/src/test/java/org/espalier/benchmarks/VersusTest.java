/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.UserException;
import org.espalier.benchmarks.MachineProbe.Reading;
import org.espalier.benchmarks.VersusRounds.Round;
import org.junit.jupiter.api.Test;

class VersusTest {

  private static final Reading QUIET = new Reading(180, 40, 150);
  private static final Reading ONE_CORE = new Reading(92, 20, 80);
  private static final Reading APART = new Reading(180, 170, 170);

  private static List<Round> rounds(int count, double before, double now, Reading machine) {
    return Collections.nCopies(count, new Round(before, now, machine));
  }

  private static List<Round> both(List<Round> some, List<Round> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  @Test
  void onlyQuietRoundsCount() {
    List<Round> first = both(rounds(5, 1e6, 0.9e6, QUIET), rounds(9, 2e6, 4e6, ONE_CORE));
    List<Round> second = both(rounds(6, 1e6, 0.8e6, QUIET), rounds(9, 2e6, 4e6, APART));
    String table = Versus.table(List.of(first, second), false);
    assertTrue(table.startsWith("11 of 29 rounds count: the quiet ones, in 2 of 2 JVMs"), table);
    assertTrue(table.contains("this / other: 0.800 (JVMs: 0.900, 0.800): faster in each"), table);
  }

  @Test
  void whatNeighboursLeaveOfTheCacheIsTheSameForBothVersions() {
    Reading crowded = new Reading(180, 40, 60);
    List<Round> rounds = both(rounds(5, 1, 2, QUIET), rounds(9, 2, 4, crowded));
    String table = Versus.table(List.of(rounds, rounds), false);
    assertTrue(table.startsWith("28 of 28 rounds"), table);
  }

  @Test
  void oneThreadDoesNotWaitForOthers() {
    String table = Versus.table(List.of(rounds(5, 1, 2, QUIET), rounds(5, 1, 2, APART)), true);
    assertTrue(table.startsWith("10 of 10 rounds"), table);
    assertTrue(table.contains("slower in each"), table);
  }

  @Test
  void aJvmWithTooFewQuietRoundsDoesNotCount() {
    List<Round> few = both(rounds(4, 1, 9, QUIET), rounds(20, 1, 9, APART));
    String table = Versus.table(List.of(few, rounds(7, 1, 0.5, QUIET)), false);
    assertTrue(table.startsWith("7 of 31 rounds count: the quiet ones, in 1 of 2 JVMs"), table);
    assertTrue(table.contains("0.500 (JVM: 0.500): no clear difference"), table);
  }

  @Test
  void jvmsThatDisagreeShowNoDifference() {
    String table = Versus.table(List.of(rounds(9, 1, 2, QUIET), rounds(9, 2, 1, QUIET)), false);
    assertTrue(table.contains("no clear difference"), table);
  }

  @Test
  void withTooFewQuietRoundsAllCount() {
    List<Round> rounds = both(rounds(2, 1, 2, QUIET), rounds(5, 1, 3, APART));
    String table = Versus.table(List.of(rounds, rounds), false);
    assertTrue(table.startsWith("too few rounds were quiet, so all 14 count"), table);
    assertTrue(table.contains("3.000"), table);
  }

  @Test
  void aRoundIsTheSameAfterItsLine() {
    Round round = new Round(1234.5, 99.9, new Reading(181.25, 43.125, 149.5));
    assertEquals(round, Round.of(round.line()));
    assertEquals(null, Round.of("something that a benchmark printed"));
  }

  @Test
  void tellsWhatIsWrongWithTheArguments() {
    assertWrong("There is no benchmark jar missing.jar.", "missing.jar", "StepBenchmark.step");
    String jar = "pom.xml"; // a file
    assertWrong("'net' is no parameter; expected NAME=VALUE.", jar, "StepBenchmark.step", "net");
    assertWrong("There is no benchmark class Stepp.", jar, "Stepp.step");
  }

  private static void assertWrong(String message, String... arguments) {
    UserException failure = assertThrows(UserException.class, () -> Versus.run(List.of(arguments)));
    assertEquals(message, failure.getMessage());
  }
}
