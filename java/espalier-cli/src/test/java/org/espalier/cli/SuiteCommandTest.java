/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code espalier evaluate RUN --suite ...}. */
class SuiteCommandTest {

  @TempDir private static Path folder;
  private static Path trained;

  @BeforeAll
  static void train() throws IOException {
    trained = train("run");
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      rows.append(i % 2).append(",").append(i).append(",0".repeat(783)).append("\n");
    }
    Files.writeString(elsewhere.resolve("all.csv"), rows);
    Path narrow = Files.createDirectory(folder.resolve("narrow"));
    Files.writeString(narrow.resolve("all.csv"), "0,1,2\n1,2,3\n0,4,5\n");
  }

  private static Path train(String name, String... more) {
    Path run = folder.resolve(name);
    List<String> args = new ArrayList<>();
    args.addAll(List.of("train", "set-mlp", "--epochs", "2", "--out", run.toString()));
    args.addAll(List.of("--set", "network.hidden=[40]", "--set", "density.epsilon=6"));
    args.addAll(List.of(more));
    Cli.Result result = Cli.run(args.toArray(String[]::new));
    assertEquals(0, result.code(), result.err());
    return run;
  }

  private static Cli.Result evaluate(Path run, String options) {
    List<String> args = new ArrayList<>(List.of("evaluate", run.toString()));
    if (!options.isBlank()) {
      args.addAll(List.of(options.strip().replace("FOLDER", folder.toString()).split(" ")));
    }
    return Cli.run(args.toArray(String[]::new));
  }

  private static JsonNode json(Path run, String suite) throws IOException {
    Path file = run.resolve("evaluation-" + suite + ".json");
    return new ObjectMapper().readTree(Files.readString(file));
  }

  @Test
  void severalSuitesLeaveFiguresAndPages() throws IOException {
    Cli.Result result =
        evaluate(
            trained,
            "--suite calibration --suite ood,robustness --ood FOLDER/elsewhere --ood noise --samples 100 --eps 1/255,0.1 --pgd-steps 3");
    assertEquals(0, result.code(), result.err());
    assertEquals("", result.err());
    for (String word : new String[] {"ECE", "elsewhere", "Gaussian noise 0.1", "1/255", "0.1000"}) {
      assertTrue(result.out().contains(word), result.out());
    }
    JsonNode calibration = json(trained, "calibration").get("result");
    assertTrue(calibration.get("temperature").asDouble() > 0);
    assertEquals(15, calibration.get("before").get("bins").size());
    assertTrue(calibration.get("fitted_on").asText().contains("training rows"));
    JsonNode sets = json(trained, "ood").get("result").get("sets");
    assertEquals(30, sets.get(0).get("samples").asInt());
    assertEquals(100, sets.get(1).get("samples").asInt());
    JsonNode points = json(trained, "robustness").get("result").get("points");
    assertEquals(5, points.size());
    assertEquals(0, points.get(0).get("eps").asDouble());
    assertTrue(json(trained, "robustness").get("result").get("gradient_norm").asDouble() > 0);
    for (String suite : new String[] {"calibration", "ood", "robustness"}) {
      String page = Files.readString(trained.resolve("evaluation-" + suite + ".html"));
      assertTrue(page.contains("<svg"), suite);
      assertFalse(page.contains("NaN"), suite);
      assertFalse(page.contains("http"), suite + " needs the network");
    }
    try (Stream<Path> files = Files.list(trained)) {
      assertTrue(files.noneMatch(file -> file.toString().endsWith(".part")));
    }
  }

  @Test
  void cleanAccuracyIsThatOfEvaluate() throws IOException {
    String line = evaluate(trained, "").out().lines().findFirst().orElseThrow();
    assertEquals(0, evaluate(trained, "--suite calibration,robustness --eps 0.01").code());
    JsonNode before = json(trained, "calibration").get("result").get("before");
    JsonNode clean = json(trained, "robustness").get("result").get("points").get(0);
    assertEquals(before.get("accuracy"), clean.get("accuracy"));
    assertEquals(before.get("nll").asDouble(), clean.get("loss").asDouble(), 1e-5);
    assertTrue(line.contains("%.2f %%".formatted(100 * clean.get("accuracy").asDouble())), line);
  }

  @Test
  void threadsDoNotChangeAnyFigure() throws IOException {
    String options = "--suite calibration,ood,robustness --ood noise --samples 150 --seed 7";
    List<String> before = new ArrayList<>();
    for (int threads = 1; threads <= 2; threads++) {
      assertEquals(0, evaluate(trained, options + " --threads " + threads).code());
      List<String> now = new ArrayList<>();
      for (String suite : new String[] {"calibration", "ood", "robustness"}) {
        now.add(Files.readString(trained.resolve("evaluation-" + suite + ".json")));
      }
      assertTrue(before.isEmpty() || before.equals(now));
      before = now;
    }
  }

  @Test
  void aRunThatHeldRowsOutIsCalibratedOnThemAndJudgedByTheTestFile() throws IOException {
    Path run = train("held", "--set", "data.split=random", "--set", "data.test_fraction=0.25");
    Cli.Result result = evaluate(run, "--suite calibration");
    assertEquals(0, result.code(), result.err());
    JsonNode found = json(run, "calibration").get("result");
    assertTrue(found.get("fitted_on").asText().contains("held out"), result.out());
    assertEquals(0, evaluate(trained, "--suite calibration").code());
    JsonNode usual = json(trained, "calibration").get("result");
    assertEquals(usual.get("samples"), found.get("samples"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--suite robustnes | did you mean 'robustness'?",
        "--suite everything | expected calibration, ood, robustness",
        "--suite ood | expected --ood",
        "--suite calibration --ood mnist | --suite ood",
        "--suite ood --ood FOLDER/narrow | 2 features; expected 784",
        "--suite ood --ood fashion-mnits | did you mean",
        "--suite ood --ood /no/such | /no/such",
        "--suite ood --ood noise --noise 0 | --noise is 0.0",
        "--suite robustness --eps 8/x | --eps is '8/x'",
        "--suite robustness --eps 2 | --eps is 2.0",
        "--suite robustness --pgd-steps 0 | --pgd-steps is 0",
        "--suite robustness --samples 0 | --samples is 0",
        "--suite robustness --data mnist | --data mnist",
        "--eps 0.1 | expected --suite",
      })
  void mistakesGetOneSentence(String options, String words) {
    Cli.Result result = evaluate(trained, options);
    assertEquals(2, result.code(), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(result.err().contains(words), result.err());
  }

  @Test
  void aRunWithoutModelIsExplained() throws IOException {
    Path run = Files.createDirectory(folder.resolve("unfinished"));
    Files.copy(trained.resolve("recipe.yaml"), run.resolve("recipe.yaml"));
    Cli.Result result = evaluate(run, "--suite calibration");
    assertEquals(2, result.code(), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(result.err().contains("model.safetensors"), result.err());
    assertFalse(Files.exists(run.resolve("evaluation-calibration.json")));
  }
}
