/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every mistake gets one sentence that names the culprit, exit code 2 and no stack trace. */
class BadInputTest {

  @TempDir private Path folder;

  private static void refused(Cli.Result result, String... words) {
    assertEquals(2, result.code(), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    for (String word : words) {
      assertTrue(result.err().contains(word), result.err());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train set-mpl | did you mean 'set-mlp'?",
        "train set-mlp --set topology.drop_fractoin=0.2 | did you mean 'topology.drop_fraction'?",
        "train set-mlp --set training.epochs=ten | whole number",
        "train set-mlp --set network.dropout=2 | below 1",
        "train set-mlp --set density.rule=snap | uniform_plus, balanced",
        "train set-mlp --set density.first=all | density.first is 'all'",
        "train set-mlp --set density.last=1 | network.output is dense",
        "train set-mlp --set density.rule=uniform_plus | 'linear1' of 1000 x 784",
        "train set-mlp --epochs 0 | --epochs 0",
        "train set-mlp --epochs two | --epochs two",
        "train set-mlp --seed x | --seed x",
        "train set-mlp --threads 0 | threads is 0",
        "train set-mlp --backend gpu | no backend named 'gpu'",
        "train set-mlp --data fashion-mnits | fashion-mnist",
        "train set-mlp --data /no/such/folder | /no/such/folder",
        "train | RECIPE",
        "train set-mlp --resume x | --resume goes with",
        "train --resume /no/such/run | /no/such/run",
        "evaluate /no/such/run | /no/such/run",
        "inspect /no/such/run | /no/such/run",
        "recipes nothing | nothing",
      })
  void isExplained(String command, String words) {
    refused(Cli.run(command.strip().split(" ")), words);
  }

  @Test
  void anUnknownOptionIsExplained() {
    Cli.Result result = Cli.run("train", "set-mlp", "--epoch", "3");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("--epoch"), result.err());
  }

  @Test
  void anOutputFolderThatCannotBeMadeIsExplained() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    refused(Cli.run("train", "set-mlp", "--out", file.resolve("run").toString()), file.toString());
  }

  @Test
  void dataThatDoNotFitAreExplainedWithRow() throws IOException {
    Path data = Files.createDirectory(folder.resolve("mine"));
    Files.writeString(data.resolve("train.csv"), "0,1,2\n1,3,4\n0,5\n");
    Files.writeString(data.resolve("test.csv"), "0,1,2\n1,2,3\n");
    refused(
        Cli.run("train", "set-mlp", "--data", data.toString(), "--out", out()), "train.csv", "3");
    Files.writeString(data.resolve("train.csv"), "0,1,2\n1,NaN,4\n");
    refused(
        Cli.run("train", "set-mlp", "--data", data.toString(), "--out", out()), "train.csv", "NaN");
    assertTrue(Files.notExists(folder.resolve("run")));
  }

  private String out() {
    return folder.resolve("run").toString();
  }

  @Test
  void aDamagedRunIsExplained() throws IOException {
    Path run = folder.resolve("run");
    Cli.Result trained =
        Cli.run(
            "train",
            "set-mlp",
            "--out",
            run.toString(),
            "--epochs",
            "1",
            "--set",
            "network.hidden=[20]",
            "--set",
            "density.epsilon=2");
    assertEquals(0, trained.code(), trained.err());
    Path checkpoint = run.resolve("checkpoint/last.ckpt");
    byte[] whole = Files.readAllBytes(checkpoint);
    Files.write(checkpoint, Arrays.copyOf(whole, whole.length / 2));
    refused(Cli.run("train", "--resume", run.toString(), "--epochs", "2"), "last.ckpt");
    byte[] other = whole.clone();
    other[11] = 99;
    Files.write(checkpoint, other);
    refused(
        Cli.run("train", "--resume", run.toString(), "--epochs", "2"), "last.ckpt", "version 99");
    Path model = run.resolve("model.safetensors");
    Files.write(model, Arrays.copyOf(Files.readAllBytes(model), 500));
    refused(Cli.run("evaluate", run.toString()), "model.safetensors");
    Files.writeString(run.resolve("recipe.yaml"), "training:\n  epochz: 3\n");
    refused(Cli.run("inspect", run.toString()), "recipe.yaml", "epochz");
  }
}
