/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.espalier.train.State;
import org.espalier.train.StateFile;

/**
 * The checkpoints of a run: the last one, and beside it, if wanted, those of the last epochs, in
 * files of their own. A file goes only after a newer one is on the disk.
 *
 * @param last the file a run is taken up from
 * @param keep how many epochs have files of their own, of those that checkpoints are taken after
 */
record Checkpoints(Path last, int keep) {

  private static final Pattern OF_EPOCH = Pattern.compile("epoch-(\\d{1,9})\\.ckpt");

  /** Checks the number. */
  Checkpoints {
    if (keep < 0) {
      throw new IllegalArgumentException(keep + " checkpoints to keep; expected at least 0");
    }
  }

  /** Writes a checkpoint and deletes what has become too old. */
  void write(int epoch, State state) {
    write(last, state);
    if (keep > 0 && isEndOfEpoch(state)) {
      write(last.resolveSibling("epoch-%04d.ckpt".formatted(epoch)), state);
      RunIo.writing(last, () -> deleteBefore(epoch));
    }
  }

  private static void write(Path file, State state) {
    RunIo.writing(
        file,
        () -> {
          Files.createDirectories(file.getParent());
          StateFile.write(file, state);
        });
  }

  /** A run that is stopped leaves a checkpoint in the middle of an epoch, too. */
  private static boolean isEndOfEpoch(State state) {
    long batch = state.number("progress.batch_size");
    long steps = (state.number("progress.training_set") + batch - 1) / batch;
    return state.number("progress.step_in_epoch") == steps;
  }

  /** Files of later epochs, from before an earlier checkpoint was taken up, are not counted. */
  private void deleteBefore(int epoch) throws IOException {
    try (Stream<Path> files = Files.list(last.getParent())) {
      List<Path> old =
          files
              .filter(file -> epochOf(file) > 0 && epochOf(file) <= epoch)
              .sorted(Comparator.comparingInt(Checkpoints::epochOf).reversed())
              .skip(keep)
              .toList();
      for (Path file : old) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Returns the epoch of a file of its own, else 0. */
  private static int epochOf(Path file) {
    Matcher name = OF_EPOCH.matcher(file.getFileName().toString());
    return name.matches() ? Integer.parseInt(name.group(1)) : 0;
  }
}
