/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.espalier.UserException;
import org.espalier.train.AtomicFile;

/** Reads and writes files of a run, and says in one sentence which file failed and why. */
public final class RunIo {

  /** Writes something. */
  @FunctionalInterface
  public interface Action {

    /** Does it. */
    void run() throws IOException;
  }

  /** Reads or makes something. */
  @FunctionalInterface
  public interface Source<T> {

    /** Returns it. */
    T get() throws IOException;
  }

  private RunIo() {}

  /**
   * Writes a file.
   *
   * @throws RunIoException if the machine does not let us
   */
  public static void writing(Path file, Action action) {
    making(
        file,
        () -> {
          action.run();
          return null;
        });
  }

  /**
   * Writes a text as UTF-8; the file is there in full or not at all.
   *
   * @throws RunIoException if the machine does not let us
   */
  public static void writeText(Path file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writing(file, () -> AtomicFile.write(file, out -> out.write(bytes)));
  }

  /** Like {@link #writing}, and returns what the action made. */
  static <T> T making(Path file, Source<T> action) {
    try {
      return action.get();
    } catch (IOException cause) {
      throw failure("write", file, cause);
    }
  }

  /**
   * Reads a file.
   *
   * @throws UserException if there is none
   * @throws RunIoException if the machine does not let us
   */
  public static <T> T reading(Path file, Source<T> source) {
    try {
      return source.get();
    } catch (NoSuchFileException missing) {
      throw new UserException("%s: there is no such file.".formatted(file), missing);
    } catch (IOException cause) {
      throw failure("read", file, cause);
    }
  }

  static RunIoException failure(String verb, Path file, IOException cause) {
    return new RunIoException("Cannot %s %s: %s.".formatted(verb, file, reason(cause)), cause);
  }

  /** Returns why, as the end of a sentence without its full stop. */
  static String reason(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    String text =
        cause instanceof FileSystemException failed && failed.getReason() != null
            ? failed.getReason()
            : cause.getMessage();
    if (text == null || text.isBlank()) {
      return cause.getClass().getSimpleName();
    }
    String phrase = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return Character.toLowerCase(phrase.charAt(0)) + phrase.substring(1);
  }
}
