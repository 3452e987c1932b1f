/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.espalier.UserException;
import org.espalier.train.AtomicFile;

/**
 * The file metrics.jsonl: a JSON object on each line, handed to the operating system line by line,
 * so a killed run loses at most the line it was writing.
 */
public final class MetricsLog implements AutoCloseable {

  private final Path file;
  private FileChannel channel;

  private MetricsLog(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Opens a log to add to; makes it if there is none. */
  public static MetricsLog open(Path file) {
    return new MetricsLog(file, channel(file));
  }

  private static FileChannel channel(Path file) {
    return RunIo.making(
        file, () -> FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /** Adds a line. */
  public void append(Metric metric) {
    ByteBuffer line = ByteBuffer.wrap(line(metric));
    RunIo.writing(
        file,
        () -> {
          while (line.hasRemaining()) {
            channel.write(line);
          }
        });
  }

  private static byte[] line(Metric metric) {
    try {
      return (RunJson.MAPPER.writeValueAsString(metric) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Waits until all lines are on the disk. */
  public void force() {
    RunIo.writing(file, () -> channel.force(false));
  }

  /**
   * Goes back to what was known when a checkpoint was taken, in one step: drops what the run will
   * report again.
   *
   * @param epoch the epoch of the checkpoint; earlier ones stay
   * @param topologyUpdates updates done until then; these stay
   * @return what stayed
   */
  public RunMetrics truncate(int epoch, int topologyUpdates) {
    List<Metric> kept = new ArrayList<>();
    for (Metric metric : lines(file)) {
      boolean known =
          metric instanceof EpochMetrics of
              ? of.epoch() < epoch
              : ((TopologyMetrics) metric).update() <= topologyUpdates;
      if (known) {
        kept.add(metric);
      }
    }
    close();
    RunIo.writing(file, () -> AtomicFile.write(file, out -> writeAll(out, kept)));
    channel = channel(file);
    return RunMetrics.of(kept);
  }

  private static void writeAll(OutputStream out, List<Metric> metrics) throws IOException {
    for (Metric metric : metrics) {
      out.write(line(metric));
    }
  }

  /**
   * Reads a log. A last line that was cut short by the end of its writer is left out.
   *
   * @throws UserException if another line is damaged, or there is no log
   */
  public static RunMetrics read(Path file) {
    return RunMetrics.of(lines(file));
  }

  private static List<Metric> lines(Path file) {
    byte[] bytes = RunIo.reading(file, () -> Files.readAllBytes(file));
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < lines.length; i++) {
      try {
        metrics.add(RunJson.read(lines[i], Metric.class));
      } catch (JsonProcessingException damaged) {
        if (i < lines.length - 1) {
          throw new UserException(
              "%s line %d is damaged; expected the metrics of an epoch or a topology update."
                  .formatted(file, i + 1),
              damaged);
        }
      }
    }
    return metrics;
  }

  @Override
  public void close() {
    RunIo.writing(file, channel::close);
  }
}
