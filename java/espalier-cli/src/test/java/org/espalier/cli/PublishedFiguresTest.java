/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.espalier.run.EpochMetrics;
import org.espalier.run.MetricsLog;
import org.espalier.run.RunSummary;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures the README and the docs promise, measured with the command itself. */
@Tag("slow")
class PublishedFiguresTest {

  private static final Path FASHION = Path.of("/usr/share/datasets/fashion-mnist");

  @TempDir private Path folder;

  private Path train(String name, String... more) {
    Path run = folder.resolve(name);
    List<String> args = new ArrayList<>(List.of("train", "set-mlp", "--out", run.toString()));
    args.addAll(List.of(more));
    Cli.Result result = Cli.run(args.toArray(String[]::new));
    assertEquals(0, result.code(), result.err());
    return run;
  }

  private static double accuracy(Path run) {
    return RunSummary.read(run.resolve("summary.json")).testAccuracy();
  }

  @Test
  void theFirstCommandReaches82PercentInUnderAMinute() {
    Path run = train("mini");
    RunSummary summary = RunSummary.read(run.resolve("summary.json"));
    assertTrue(summary.testAccuracy() >= 0.82, summary.toString());
    assertTrue(summary.trainSeconds() < 60, summary.toString());
  }

  @Test
  void fullFashionMnistReaches875AndEvolutionBeatsAFixedTopology() {
    assumeTrue(Files.isDirectory(FASHION), "Fashion-MNIST is not installed in " + FASHION);
    double evolved = 0;
    double fixed = 0;
    for (int seed = 1; seed <= 3; seed++) {
      String s = Integer.toString(seed);
      Path set = train("set" + s, "--data", "fashion-mnist", "--seed", s);
      Path none =
          train(
              "none" + s, "--data", "fashion-mnist", "--seed", s, "--set", "topology.update=none");
      assertTrue(accuracy(set) >= 0.875, "seed " + s + ": " + accuracy(set));
      System.out.printf("seed %s: SET %.4f, fixed %.4f%n", s, accuracy(set), accuracy(none));
      evolved += accuracy(set) / 3;
      fixed += accuracy(none) / 3;
    }
    assertTrue(evolved > fixed, "SET " + evolved + ", fixed topology " + fixed);
  }

  @Test
  void anEpochOfTheTutorialShapesTakesAtMostOneAndAHalfSecondsOfTheReferenceCores() {
    assumeTrue(Files.isDirectory(FASHION), "Fashion-MNIST is not installed in " + FASHION);
    assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "needs two processors");
    // other jobs on the machine only ever add to the seconds, up to twice and for minutes: the best
    // epoch counts, and a run that nobody left alone is done again
    List<String> seen = new ArrayList<>();
    boolean kept = false;
    long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
    for (int run = 0; !kept && (run == 0 || System.nanoTime() < patience); run++) {
      double share = ClockProbe.shareOfReference();
      double[] seconds = tutorialEpochs("tutorial" + run);
      share = Math.min(1, (share + ClockProbe.shareOfReference()) / 2);
      seen.add("%s at %.0f %% of the reference".formatted(Arrays.toString(seconds), 100 * share));
      kept = Arrays.stream(seconds).min().orElseThrow() * share <= 1.5;
    }
    System.out.printf("seconds an epoch: %s%n", seen);
    assertTrue(kept, seen.toString());
  }

  private double[] tutorialEpochs(String name) {
    Path run =
        train(
            name,
            "--data=fashion-mnist",
            "--epochs=8",
            "--threads=2",
            "--set=density.epsilon=13",
            "--set=training.batch_size=40",
            "--set=learning_rate.rate=0.05",
            "--set=topology.unit=epochs",
            "--set=topology.every=1",
            "--set=topology.drop_fraction=0.3");
    return MetricsLog.read(run.resolve("metrics.jsonl")).epochs().stream()
        .mapToDouble(EpochMetrics::trainSeconds)
        .toArray();
  }

  @Test
  void nineHundredThousandNeuronsTrainInsideFourGigabytesAndTenSecondsAnEpoch() throws Exception {
    Path data = lungLikeData();
    Path run = folder.resolve("wide");
    Path log = folder.resolve("log");
    Process process =
        Cli.start(
            log,
            List.of("-Xmx3300m", "-XX:+UseParallelGC"),
            "train",
            "set-mlp",
            "--data=" + data,
            "--out=" + run,
            "--epochs=3",
            "--set=network.hidden=[300000,300000,300000]",
            "--set=density.epsilon=10",
            "--set=learning_rate.rate=0.01",
            "--set=topology.unit=epochs",
            "--set=topology.every=1");
    assertEquals(0, process.waitFor(), Files.readString(log));
    RunSummary summary = RunSummary.read(run.resolve("summary.json"));
    System.out.printf(
        "900,000 neurons: %,d connections, %.1f s an epoch, %.2f s in updates, %,d bytes%n",
        summary.activeWeights(),
        summary.trainSecondsPerEpoch(),
        summary.topologySeconds(),
        summary.peakRssBytes());
    assertEquals(3, summary.epochs());
    assertTrue(
        summary.trainSecondsPerEpoch() + summary.topologySeconds() / 2 < 10, summary.toString());
    assertTrue(summary.peakRssBytes() < 4_000_000_000L, summary.toString());
  }

  /**
   * Rows and columns of the set "lung-small": 73 samples, 325 features in {-2, 0, 2}, 7 classes.
   */
  private Path lungLikeData() throws IOException {
    Path data = Files.createDirectory(folder.resolve("lung"));
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 73; i++) {
      rows.append(i % 7);
      for (int f = 0; f < 325; f++) {
        rows.append(',').append(2 * ((i % 7 * 31 + f * 17 + (i * f) % 5) % 3 - 1));
      }
      rows.append('\n');
    }
    Files.writeString(data.resolve("train.csv"), rows);
    Files.writeString(data.resolve("test.csv"), rows);
    return data;
  }
}
