/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that was killed in the middle of an epoch ends with the bits of one that was not. */
@Timeout(120)
class KilledRunTest {

  private static final String[] RECIPE = {
    "train",
    "set-mlp",
    "--epochs",
    "6",
    "--set",
    "network.hidden=[300,300]",
    "--set",
    "topology.unit=steps",
    "--set",
    "topology.every=30",
    "--out"
  };

  @TempDir private Path folder;

  private static String[] recipe(Path out) {
    String[] args = java.util.Arrays.copyOf(RECIPE, RECIPE.length + 1);
    args[RECIPE.length] = out.toString();
    return args;
  }

  private Process startAndWaitForEpoch(Path run) throws Exception {
    return Cli.startAndWaitForEpochs(folder.resolve("log"), run, recipe(run));
  }

  @Test
  void killedAndResumedEqualsUndisturbed() throws Exception {
    Path killed = folder.resolve("killed");
    Process process = startAndWaitForEpoch(killed);
    process.destroyForcibly();
    process.waitFor();
    assertFalse(Files.exists(killed.resolve("summary.json")));
    Cli.Result resumed = Cli.run("train", "--resume", killed.toString());
    assertEquals(0, resumed.code(), resumed.err());

    Path undisturbed = folder.resolve("undisturbed");
    assertEquals(0, Cli.run(recipe(undisturbed)).code());
    assertEquals(
        -1,
        Files.mismatch(
            killed.resolve("model.safetensors"), undisturbed.resolve("model.safetensors")));
    assertEquals(
        withoutSeconds(undisturbed.resolve("metrics.jsonl")),
        withoutSeconds(killed.resolve("metrics.jsonl")));
  }

  @Test
  void interruptedRunSavesInTheMiddleOfAnEpochAndSaysHowToGoOn() throws Exception {
    Path run = folder.resolve("interrupted");
    Process process = startAndWaitForEpoch(run);
    process.destroy(); // SIGTERM
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertTrue(
        Files.readString(folder.resolve("log")).contains("--resume"),
        Files.readString(folder.resolve("log")));
    assertEquals(0, Cli.run("train", "--resume", run.toString()).code());

    Path undisturbed = folder.resolve("undisturbed");
    assertEquals(0, Cli.run(recipe(undisturbed)).code());
    assertEquals(
        -1,
        Files.mismatch(run.resolve("model.safetensors"), undisturbed.resolve("model.safetensors")));
  }

  private static List<String> withoutSeconds(Path metrics) throws Exception {
    return Files.readAllLines(metrics).stream()
        .map(
            line ->
                line.replaceAll(
                    "\"(seconds|[a-z]+_seconds|samples_per_second|wall_time)\":[^,}]*", ""))
        .toList();
  }
}
