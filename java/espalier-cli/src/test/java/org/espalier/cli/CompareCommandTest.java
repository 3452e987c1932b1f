/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {

  @TempDir Path folder;

  private Cli.Result compare(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "compare",
                "--out",
                folder.resolve("c").toString(),
                "--epochs",
                "1",
                "--set",
                "network.hidden=[20]"));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(new String[0]));
  }

  private String read(String name) throws IOException {
    return Files.readString(folder.resolve("c").resolve(name));
  }

  @Test
  void everyMethodIsTrainedOnceAndSummedUpBesideItsDenseTwin() throws IOException {
    String[] args = {
      "static-mlp",
      "uniform=static-mlp+density.rule=uniform",
      "--density",
      "0.1,0.05",
      "--seeds",
      "2"
    };
    Cli.Result first = compare(args);
    assertEquals(0, first.code(), first.err());
    List<String> rows = read("compare.md").lines().filter(l -> l.startsWith("| ")).toList();
    assertEquals(2 + 5, rows.size(), rows + "");
    assertTrue(rows.get(2).startsWith("| dense | 100.00 % |"), rows.get(2));
    assertTrue(rows.get(4).startsWith("| static-mlp | 5.00 % |"), rows.get(4));
    assertTrue(rows.get(5).startsWith("| uniform | 10.00 % |"), rows.get(5));
    assertTrue(rows.get(5).contains("| 0.100 × | 0.100 × |"), rows.get(5));
    String page = read("compare.html");
    assertTrue(page.contains("<svg") && page.contains("uniform"));
    assertTrue(read("compare.json").contains("\"train_flops\""));
    long trained = Files.getLastModifiedTime(summary("uniform-0.05-seed2")).toMillis();
    Cli.Result again = compare(args);
    assertEquals(0, again.code(), again.err());
    assertEquals(trained, Files.getLastModifiedTime(summary("uniform-0.05-seed2")).toMillis());
    assertEquals(table(first), table(again));
  }

  private Path summary(String run) {
    return folder.resolve("c/runs").resolve(run).resolve("summary.json");
  }

  private static List<String> table(Cli.Result result) {
    return result.out().lines().filter(line -> line.startsWith("|")).toList();
  }

  @Test
  void runsOfOtherSettingsAreNotMixedIn() {
    assertEquals(0, compare("static-mlp", "--seeds", "1", "--no-dense").code());
    Cli.Result other =
        compare("static-mlp", "--seeds", "1", "--no-dense", "--set", "density.overall=0.2");
    assertEquals(2, other.code());
    assertTrue(other.err().contains("is a run of other settings"), other.err());
  }

  @Test
  void badInputIsOneSentenceAndLeavesNothing() {
    for (String[] bad :
        new String[][] {
          {"no-such-recipe"},
          {"static-mlp", "--seeds", "0"},
          {"static-mlp", "static-mlp"},
          {"static-mlp", "--density", "1.5"},
          {"static-mlp+topology.update=sometimes"},
          {"rigl-mlp+topology.scope=global+topology.prune=signwise"}
        }) {
      Cli.Result result = compare(bad);
      assertEquals(2, result.code(), String.join(" ", bad));
      assertEquals(1, result.err().lines().count(), result.err());
      assertFalse(Files.exists(folder.resolve("c")), String.join(" ", bad));
    }
  }
}
