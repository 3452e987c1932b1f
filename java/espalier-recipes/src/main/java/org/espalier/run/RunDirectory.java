/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Stream;
import org.espalier.UserException;

/**
 * The folder of a run: where each of its files is, and a lock so that only one process writes them.
 * Reading needs no lock; a run made by {@link #create} is locked at once, one that was opened when
 * it is first written.
 */
public final class RunDirectory implements AutoCloseable {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Path path;
  private final boolean ours;
  private RunLock lock;

  private RunDirectory(Path path, boolean ours) {
    this.path = path;
    this.ours = ours;
  }

  /** Returns a new folder below {@code runs}, named for recipe and time: see the other one. */
  public static Path defaultPath(String recipe) {
    return defaultPath(Path.of("runs"), recipe, LocalDateTime.now());
  }

  /** Returns {@code parent/recipe-yyyyMMdd-HHmmss}, with a number added if that is taken. */
  public static Path defaultPath(Path parent, String recipe, LocalDateTime time) {
    String name = recipe.replaceAll("[^A-Za-z0-9._-]+", "-") + "-" + STAMP.format(time);
    Path candidate = parent.resolve(name);
    for (int i = 2; Files.exists(candidate); i++) {
      candidate = parent.resolve(name + "-" + i);
    }
    return candidate;
  }

  /**
   * Checks that a run could be made here, without making anything.
   *
   * @throws UserException if the place is taken or cannot be written
   */
  public static void checkFree(Path path) {
    if (Files.isDirectory(path)) {
      checkEmpty(path);
    } else if (Files.exists(path)) {
      throw new UserException(
          "%s is a file; expected a folder for the run, or nothing yet.".formatted(path));
    }
    Path place = path.toAbsolutePath().normalize();
    while (place != null && !Files.exists(place)) {
      place = place.getParent();
    }
    if (place != null && (!Files.isDirectory(place) || !Files.isWritable(place))) {
      throw new UserException(
          "Cannot make the run folder %s: %s; expected a place that can be written."
              .formatted(
                  path,
                  Files.isDirectory(place)
                      ? place + " is not writable"
                      : place + " is not a folder"));
    }
  }

  private static void checkEmpty(Path path) {
    if (Files.exists(path.resolve("recipe.yaml"))) {
      throw new UserException(
          "%s already holds a run; expected a new folder, or --resume to continue the run."
              .formatted(path));
    }
    boolean other =
        RunIo.reading(
            path,
            () -> {
              try (Stream<Path> files = Files.list(path)) {
                return files.anyMatch(file -> !file.endsWith(RunLock.FILE));
              }
            });
    if (other) {
      throw new UserException(
          "%s holds other files; expected a new or an empty folder for the run.".formatted(path));
    }
  }

  /**
   * Makes the folder of a new run, with its parents, and locks it.
   *
   * @throws UserException if the place is taken or cannot be written
   */
  public static RunDirectory create(Path path) {
    checkFree(path);
    boolean fresh = !Files.exists(path);
    try {
      Files.createDirectories(path);
    } catch (FileAlreadyExistsException taken) {
      throw new UserException(
          "Cannot make the run folder %s: %s is a file.".formatted(path, taken.getFile()), taken);
    } catch (IOException cause) {
      throw new UserException(
          "Cannot make the run folder %s: %s; expected a place that can be written."
              .formatted(path, RunIo.reason(cause)),
          cause);
    }
    RunDirectory run = new RunDirectory(path, fresh);
    run.lock();
    try {
      checkEmpty(path); // again, as another process may have been faster
    } catch (UserException taken) {
      run.close();
      throw taken;
    }
    return run;
  }

  /**
   * Opens the folder of a run.
   *
   * @throws UserException if it is none, saying what is missing
   */
  public static RunDirectory open(Path path) {
    if (!Files.exists(path)) {
      throw new UserException(
          "%s: there is no such folder; expected the folder of a run.".formatted(path));
    }
    if (!Files.isDirectory(path)) {
      throw new UserException("%s is a file; expected the folder of a run.".formatted(path));
    }
    RunDirectory run = new RunDirectory(path, false);
    if (!Files.isRegularFile(run.recipe())) {
      throw new UserException(
          "%s is not a run: it has no recipe.yaml; expected a folder written by 'espalier train'."
              .formatted(path));
    }
    return run;
  }

  /**
   * Makes this the only writer until it is closed; may be called again.
   *
   * @throws UserException if another process writes the run
   */
  public void lock() {
    if (lock == null) {
      lock = RunLock.acquire(path);
    }
  }

  /** Returns the folder. */
  public Path path() {
    return path;
  }

  /** Returns the file with all settings. */
  public Path recipe() {
    return path.resolve("recipe.yaml");
  }

  /** Returns the file with a line for each epoch and each topology update. */
  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /** Returns the file with the result. */
  public Path summary() {
    return path.resolve("summary.json");
  }

  /** Returns the file with the trained network. */
  public Path model() {
    return path.resolve("model.safetensors");
  }

  /** Returns the file that the run can be taken up from. */
  public Path checkpoint() {
    return path.resolve("checkpoint").resolve("last.ckpt");
  }

  /** Returns the folder of event files. */
  public Path tensorBoard() {
    return path.resolve("tensorboard");
  }

  /** Returns the page to look at. */
  public Path report() {
    return path.resolve("report.html");
  }

  /**
   * Returns the file with the trained network of a run that has one.
   *
   * @throws UserException if the run has not come to its end
   */
  public Path existingModel() {
    return existing(
        model(), "expected a run that was trained to its end; --resume continues this one");
  }

  /**
   * Returns the checkpoint of a run that has one.
   *
   * @throws UserException if the run stopped before its first
   */
  public Path existingCheckpoint() {
    return existing(checkpoint(), "expected a run that got past its first checkpoint");
  }

  private Path existing(Path file, String expected) {
    if (!Files.isRegularFile(file)) {
      throw new UserException("%s has no %s; %s.".formatted(path, path.relativize(file), expected));
    }
    return file;
  }

  /** Writes the settings of the run. */
  public void writeRecipe(String yaml) {
    writeText(recipe(), yaml);
  }

  void writeText(Path file, String text) {
    lock();
    RunIo.writeText(file, text);
  }

  /** Lets other writers in; removes a folder that {@link #create} made and nothing came into. */
  @Override
  public void close() {
    if (lock == null) {
      return;
    }
    lock.close();
    lock = null;
    if (ours) {
      removeIfEmpty();
    }
  }

  private void removeIfEmpty() {
    try (Stream<Path> files = Files.list(path)) {
      if (files.allMatch(file -> file.endsWith(RunLock.FILE))) {
        Files.deleteIfExists(path.resolve(RunLock.FILE));
        Files.deleteIfExists(path);
      }
    } catch (IOException cause) {
      throw RunIo.failure("clean up", path, cause);
    }
  }
}
