/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, with networks of images and a small set in the format of CIFAR-10. */
class ImageNetworkTest {

  private static final int RECORD = 1 + 3 * 32 * 32;
  private static final int PLANE = 32 * 32;

  @TempDir private Path folder;

  @BeforeEach
  void writeData() throws IOException {
    Files.createDirectory(folder.resolve("data"));
    write("data_batch_1.bin", 120, 1);
    write("test_batch.bin", 40, 2);
  }

  /** Images of noise in which each class has other bright colours. */
  private void write(String name, int samples, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] records = new byte[samples * RECORD];
    for (int s = 0; s < samples; s++) {
      int label = s % 10;
      records[s * RECORD] = (byte) label;
      for (int f = 1; f < RECORD; f++) {
        int colour = 1 << (f - 1) / PLANE;
        int bright = label < 8 ? 120 * (label & colour) / colour : 60 * (label - 7);
        records[s * RECORD + f] = (byte) (random.nextInt(100) + bright);
      }
    }
    Files.write(folder.resolve("data").resolve(name), records);
  }

  private String[] command(String recipe, Path out, String... settings) {
    List<String> args = new ArrayList<>(List.of("train", recipe, "--out", out.toString()));
    args.addAll(List.of("--data", folder.resolve("data").toString()));
    for (String setting : settings) {
      args.addAll(List.of("--set", setting));
    }
    return args.toArray(String[]::new);
  }

  private String[] resNet(Path out, String... more) {
    List<String> settings = new ArrayList<>();
    settings.addAll(List.of("network.depth=8", "network.width=0.25", "density.overall=0.3"));
    settings.addAll(List.of("training.epochs=8", "training.batch_size=20"));
    settings.addAll(List.of("learning_rate.rate=0.05", "topology.update=prune_and_grow"));
    settings.addAll(List.of("topology.remove_at_end=false", "topology.new_weights=zero"));
    settings.addAll(List.of("topology.grow=gradient", "topology.until=0.7"));
    settings.addAll(List.of(more));
    return command("resnet20-cifar10", out, settings.toArray(String[]::new));
  }

  @Test
  void aRunCanBeEvaluatedInspectedAndJudged() throws Exception {
    Path run = folder.resolve("run");
    Cli.Result trained = Cli.run(resNet(run));
    assertEquals(0, trained.code(), trained.err());
    String line =
        trained.out().lines().filter(l -> l.startsWith("test accuracy")).findFirst().get();
    String accuracy = line.replaceAll("test accuracy ([0-9.]+) .*", "$1");
    assertTrue(Double.parseDouble(accuracy) > 40, line);
    String summary = Files.readString(run.resolve("summary.json"));
    assertTrue(summary.contains("\"inference_flops\""), summary);

    Cli.Result evaluated = Cli.run("evaluate", run.toString());
    assertEquals(0, evaluated.code(), evaluated.err());
    assertTrue(evaluated.out().startsWith("test accuracy " + accuracy), evaluated.out());

    Cli.Result inspected = Cli.run("inspect", run.toString());
    assertEquals(0, inspected.code(), inspected.err());
    assertTrue(inspected.out().contains("conv1 "), inspected.out());
    String flops = inspected.out().replaceAll("(?s).*\\n([0-9,]+) floating-point.*", "$1");
    String inference = summary.replaceAll("(?s).*\"inference_flops\" *: *([0-9.]+).*", "$1");
    assertEquals(Double.parseDouble(inference), Double.parseDouble(flops.replace(",", "")));

    for (String name : new String[] {"calibration", "robustness"}) {
      Cli.Result suite = Cli.run("evaluate", run.toString(), "--suite", name);
      assertEquals(0, suite.code(), suite.err());
    }
  }

  @Test
  void setCnnTrainsAndItsTwinIsDense() {
    String[] small = {"network.width=0.06", "training.epochs=1", "training.batch_size=20"};
    Cli.Result sparse = Cli.run(command("set-cnn", folder.resolve("sparse"), small));
    assertEquals(0, sparse.code(), sparse.err());
    String[] dense = Arrays.copyOf(small, 4);
    dense[3] = "network.connections=dense";
    Cli.Result twin = Cli.run(command("set-cnn", folder.resolve("twin"), dense));
    assertEquals(0, twin.code(), twin.err());
    assertTrue(twin.out().contains("(100.00 %)"), twin.out());
  }

  @Test
  void killedAndResumedEqualsUndisturbed() throws Exception {
    Path killed = folder.resolve("killed");
    String epochs = "training.epochs=30";
    Process process =
        Cli.startAndWaitForEpochs(folder.resolve("log"), killed, resNet(killed, epochs));
    process.destroyForcibly();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertFalse(Files.exists(killed.resolve("summary.json")));
    Cli.Result resumed = Cli.run("train", "--resume", killed.toString());
    assertEquals(0, resumed.code(), resumed.err());

    Path whole = folder.resolve("whole");
    assertEquals(0, Cli.run(resNet(whole, epochs)).code());
    assertEquals(
        -1,
        Files.mismatch(killed.resolve("model.safetensors"), whole.resolve("model.safetensors")));
  }

  @Test
  void aNetworkOfImagesOverTablesIsRefused() throws Exception {
    Path table = folder.resolve("table.csv");
    StringBuilder rows = new StringBuilder("a,b,label\n");
    for (int i = 0; i < 20; i++) {
      rows.append(i).append(',').append(i * i).append(',').append(i % 2).append('\n');
    }
    Files.writeString(table, rows);
    Path run = folder.resolve("run");
    Cli.Result result =
        Cli.run(
            "train",
            "set-cnn",
            "--out",
            run.toString(),
            "--data",
            table.toString(),
            "--set",
            "images.flip=0");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("network.kind is set_cnn, which takes images"), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertFalse(Files.exists(run));
  }
}
