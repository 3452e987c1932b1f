/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The event file of a run that {@code tensorboard --logdir runs} shows: scalars of each epoch. */
public final class TensorBoardFile implements AutoCloseable {

  private static final String PREFIX = "events.out.tfevents.";

  private final Path file;
  private final OutputStream out;

  private TensorBoardFile(Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Starts the event file of a run anew.
   *
   * @param folder where it goes; other event files there are removed, as two would show as one
   * @param kept epochs that are done already
   */
  public static TensorBoardFile create(Path folder, List<EpochMetrics> kept) {
    long millis = System.currentTimeMillis();
    Path file = folder.resolve(PREFIX + millis / 1000 + ".espalier");
    TensorBoardFile events =
        RunIo.making(
            file,
            () -> {
              Files.createDirectories(folder);
              removeOld(folder);
              return new TensorBoardFile(file, Files.newOutputStream(file));
            });
    try {
      double start = kept.isEmpty() ? millis / 1000.0 : kept.get(0).wallTime();
      events.write(EventEncoder.fileVersion(start));
      kept.forEach(events::append);
      return events;
    } catch (RuntimeException failed) {
      events.close();
      throw failed;
    }
  }

  private static void removeOld(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path old : files.toList()) {
        if (old.getFileName().toString().startsWith(PREFIX)) {
          Files.delete(old);
        }
      }
    }
  }

  /** Adds an epoch, at its number of steps. */
  public void append(EpochMetrics epoch) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("train/loss", epoch.trainLoss());
    values.put("train/accuracy", epoch.trainAccuracy());
    if (epoch.isEvaluated()) {
      values.put("test/loss", epoch.testLoss());
      values.put("test/accuracy", epoch.testAccuracy());
    }
    if (!Double.isNaN(epoch.testTop5Accuracy())) {
      values.put("test/top5_accuracy", epoch.testTop5Accuracy());
    }
    values.put("learning_rate", epoch.learningRate());
    values.put("samples_per_second", epoch.samplesPerSecond());
    for (EpochMetrics.Layer layer : epoch.layers()) {
      values.put("density/" + layer.name(), layer.density());
    }
    write(EventEncoder.scalars(epoch.wallTime(), epoch.step(), values));
  }

  private void write(byte[] record) {
    RunIo.writing(file, () -> out.write(record));
  }

  @Override
  public void close() {
    RunIo.writing(file, out::close);
  }
}
