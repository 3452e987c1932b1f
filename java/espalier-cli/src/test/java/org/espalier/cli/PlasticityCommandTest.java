/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class PlasticityCommandTest {

  private static final List<String> SMALL =
      List.of(
          "plasticity",
          "static-mlp",
          "--set",
          "network.hidden=[30]",
          "--set",
          "density.overall=0.5");

  @TempDir private Path folder;

  private static String[] with(String... more) {
    return Stream.concat(SMALL.stream(), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void printsATableAndLeavesFiguresAndAPage() throws Exception {
    Path out = folder.resolve("out");
    Cli.Result result =
        Cli.run(
            with(
                "--epochs",
                "2",
                "--at",
                "0.5,1",
                "--remove",
                "0.9",
                "--continue",
                "1",
                "--out",
                out.toString()));
    assertEquals(0, result.code(), result.err());
    assertEquals("", result.err());
    assertTrue(result.out().lines().anyMatch(l -> l.matches("epoch +1 +2")), result.out());
    assertTrue(
        result.out().lines().anyMatch(l -> l.matches("learning rate +0.1 +0.001")), result.out());
    assertTrue(
        result.out().lines().anyMatch(l -> l.matches("global +[+-][0-9.]+ +[+-][0-9.]+")),
        result.out());
    assertTrue(result.out().contains("with 90 % of the connections removed"), result.out());
    String json = Files.readString(out.resolve("plasticity.json"));
    assertTrue(json.contains("\"finished\" : true"), json);
    assertTrue(json.contains("\"method\" : \"GLOBAL_GRADIENT\""), json);
    assertTrue(Files.readString(out.resolve("plasticity.html")).contains("</html>"));
  }

  @Test
  void theSeedDecidesEverything() throws Exception {
    String[] outs = {"one", "two"};
    for (String out : outs) {
      String threads = out.equals("one") ? "1" : "2";
      String path = folder.resolve(out).toString();
      Cli.Result result =
          Cli.run(
              with(
                  "--at=1",
                  "--remove=0.9",
                  "--continue=1",
                  "--seed=5",
                  "--exchange=0.5",
                  "--threads",
                  threads,
                  "--out",
                  path));
      assertEquals(0, result.code(), result.err());
    }
    assertEquals(
        -1,
        Files.mismatch(
            folder.resolve("one/plasticity.json"), folder.resolve("two/plasticity.json")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--at 0,1 | points of the run",
        "--at 0.5,0.2 | ascending",
        "--at half | --at: 'half'",
        "--remove 0.5,1 | below 1",
        "--remove 0.5, | --remove: ''",
        "--continue 0 | at least 1",
        "--continue some | --continue some",
        "--exchange 1 | below 1",
        "--epochs 0 | --epochs 0",
        "--seed x | --seed x",
        "--set network.connections=dense | density.overall=1",
        "--data no-such-data | no-such-data",
      })
  void badInputIsExplainedAndLeavesNothing(String options, String words) {
    Path out = folder.resolve("out");
    Cli.Result result =
        Cli.run(
            Stream.concat(
                    Arrays.stream(with("--out", out.toString())),
                    Arrays.stream(options.strip().split(" ")))
                .toArray(String[]::new));
    assertEquals(2, result.code(), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(result.err().contains(words), result.err());
    assertFalse(Files.exists(out));
  }

  @Test
  void anInterruptKeepsThePointsThatWereFinished() throws Exception {
    Path out = folder.resolve("out");
    Path log = folder.resolve("log");
    Process process =
        Cli.start(
            log,
            List.of(),
            with(
                "--epochs",
                "2",
                "--at",
                "0.5,1",
                "--remove",
                "0.5",
                "--continue",
                "30",
                "--out",
                out.toString()));
    while (process.isAlive() && !Files.exists(out.resolve("plasticity.html"))) {
      Thread.sleep(5);
    }
    assertTrue(process.isAlive(), () -> "over before it could be stopped");
    process.destroy(); // SIGTERM
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String said = Files.readString(log);
    assertTrue(said.contains("Stopped after 1 of 2 points"), said);
    String json = Files.readString(out.resolve("plasticity.json"));
    assertTrue(json.contains("\"finished\" : false"), json);
  }

  @Test
  void anInterruptBeforeTheFirstPointLeavesNothing() throws Exception {
    Path out = folder.resolve("out");
    Path log = folder.resolve("log");
    Process process = Cli.start(log, List.of(), with("--epochs", "1000", "--out", out.toString()));
    while (process.isAlive() && !Files.readString(log).contains("epoch 1/")) {
      Thread.sleep(5);
    }
    process.destroy(); // SIGTERM
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertTrue(Files.readString(log).contains("Stopped after 0 of 10 points"));
    assertFalse(Files.exists(out));
  }
}
