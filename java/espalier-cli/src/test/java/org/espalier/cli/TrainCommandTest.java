/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {

  @TempDir private Path folder;

  private static Cli.Result train(Path out, String... more) {
    return train(2, out, more);
  }

  private static Cli.Result train(int epochs, Path out, String... more) {
    String[] args =
        new String[] {
          "train",
          "set-mlp",
          "--out",
          out.toString(),
          "--epochs",
          Integer.toString(epochs),
          "--set",
          "network.hidden=[60,40]",
          "--set",
          "density.epsilon=6"
        };
    String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Cli.run(all);
  }

  @Test
  void aRunLeavesEverythingBehind() throws Exception {
    Path run = folder.resolve("run");
    Cli.Result result = train(run);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains("test accuracy"), result.out());
    for (String file :
        new String[] {
          "recipe.yaml",
          "metrics.jsonl",
          "summary.json",
          "model.safetensors",
          "checkpoint/last.ckpt",
          "report.html"
        }) {
      assertTrue(Files.size(run.resolve(file)) > 100, file);
    }
    assertTrue(Files.readString(run.resolve("summary.json")).contains("\"test_accuracy\""));
    assertEquals("", result.err());
  }

  @Test
  void evaluateFindsTheAccuracyThatTrainingReported() {
    Path run = folder.resolve("run");
    Cli.Result trained = train(run);
    Cli.Result evaluated = Cli.run("evaluate", run.toString());
    assertEquals(0, evaluated.code(), evaluated.err());
    String line =
        trained.out().lines().filter(l -> l.startsWith("test accuracy")).findFirst().get();
    String accuracy = line.replaceAll("test accuracy ([0-9.]+) .*", "$1");
    assertTrue(evaluated.out().startsWith("test accuracy " + accuracy), evaluated.out());
  }

  @Test
  void inspectShowsDensitiesAndDegrees() {
    Path run = folder.resolve("run");
    train(run);
    Cli.Result inspected = Cli.run("inspect", run.toString());
    assertEquals(0, inspected.code(), inspected.err());
    assertTrue(inspected.out().contains("linear1"), inspected.out());
    assertTrue(inspected.out().contains("linear2"), inspected.out());
    assertTrue(inspected.out().contains("scale-free: "), inspected.out());
    assertTrue(inspected.out().contains("floating-point operations a sample"), inspected.out());
  }

  @Test
  void inspectComparesTwoRuns() {
    train(folder.resolve("one"));
    train(folder.resolve("two"), "--set", "training.seed=2");
    train(folder.resolve("wide"), "--set", "network.hidden=[60]");
    String one = folder.resolve("one").toString();
    Cli.Result same = Cli.run("inspect", one, "--compare", one);
    assertEquals(0, same.code(), same.err());
    assertTrue(same.out().matches("(?s).*\nall +0.0000 +0.0000\n.*"), same.out());
    Cli.Result other = Cli.run("inspect", one, "--compare", folder.resolve("two").toString());
    assertTrue(other.out().matches("(?s).*\nall +0.[5-9]\\d+ +0.[5-9]\\d+\n.*"), other.out());
    Cli.Result refused = Cli.run("inspect", one, "--compare", folder.resolve("wide").toString());
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("60 x 784, 40 x 60 and 60 x 784;"), refused.err());
  }

  @Test
  void explorationCanBeTurnedOff() throws Exception {
    train(folder.resolve("on"));
    train(folder.resolve("off"), "--set", "measure.exploration=false");
    assertTrue(metrics("on").matches("(?s).*\"explored\":0.\\d+.*"), metrics("on"));
    assertTrue(metrics("off").contains("\"explored\":null"), metrics("off"));
    assertEquals(
        -1,
        Files.mismatch(
            folder.resolve("on/model.safetensors"), folder.resolve("off/model.safetensors")));
  }

  private String metrics(String run) throws Exception {
    return Files.readString(folder.resolve(run).resolve("metrics.jsonl"));
  }

  @Test
  void threadsDoNotChangeTheModel() throws Exception {
    train(folder.resolve("one"), "--threads", "1");
    train(folder.resolve("two"), "--threads", "2");
    assertEquals(
        -1,
        Files.mismatch(
            folder.resolve("one/model.safetensors"), folder.resolve("two/model.safetensors")));
  }

  @Test
  void aFinishedRunCanBeLengthened() throws Exception {
    String constant = "learning_rate.schedule=constant";
    Path shorter = folder.resolve("shorter");
    assertEquals(0, train(shorter, "--set", constant).code());
    Cli.Result resumed = Cli.run("train", "--resume", shorter.toString(), "--epochs", "4");
    assertEquals(0, resumed.code(), resumed.err());
    Path whole = folder.resolve("whole");
    assertEquals(0, train(4, whole, "--set", constant).code());
    assertEquals(
        -1,
        Files.mismatch(shorter.resolve("model.safetensors"), whole.resolve("model.safetensors")));
    assertEquals(topology(whole), topology(shorter), "what was explored before is not forgotten");
    assertEquals(
        Files.readAllLines(whole.resolve("metrics.jsonl")).size(),
        Files.readAllLines(shorter.resolve("metrics.jsonl")).size());
  }

  private static String topology(Path run) throws Exception {
    String summary = Files.readString(run.resolve("summary.json"));
    return summary.substring(summary.indexOf("\"topology\""));
  }

  @Test
  void aFolderThatHoldsARunIsNotTouched() throws Exception {
    Path run = folder.resolve("run");
    train(run);
    byte[] before = Files.readAllBytes(run.resolve("summary.json"));
    Cli.Result again = train(run);
    assertEquals(2, again.code());
    assertTrue(again.err().contains(run.toString()), again.err());
    assertEquals(1, again.err().lines().count(), again.err());
    assertEquals(new String(before), Files.readString(run.resolve("summary.json")));
  }

  @Test
  void aRefusedJobLeavesNoFolder() {
    Path run = folder.resolve("run");
    Cli.Result result = train(run, "--data", "no-such-data");
    assertEquals(2, result.code());
    assertEquals(1, result.err().lines().count(), result.err());
    assertFalse(Files.exists(run));
  }
}
