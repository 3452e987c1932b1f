/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir Path folder;

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void newContentTakesThePlaceOfTheOld() throws IOException {
    Path file = folder.resolve("file");
    write(file, "a longer first text");
    write(file, "second");
    assertEquals("second", Files.readString(file));
    assertEquals(List.of("file"), files());
  }

  @Test
  void oldContentStaysWhileTheNewIsWritten() throws IOException {
    Path file = folder.resolve("file");
    write(file, "first");
    AtomicFile.write(
        file,
        out -> {
          out.write('x');
          out.flush();
          assertEquals("first", Files.readString(file));
        });
    assertEquals("x", Files.readString(file));
  }

  @Test
  void failureLeavesTheOldContentAndNothingElse() throws IOException {
    Path file = folder.resolve("file");
    write(file, "first");
    IOException full =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("disk full");
                    }));
    assertEquals("disk full", full.getMessage());
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                file,
                out -> {
                  throw new IllegalStateException();
                }));
    assertEquals("first", Files.readString(file));
    assertEquals(List.of("file"), files());
  }

  @Test
  void failureWithoutOldContentLeavesNothing() throws IOException {
    Path file = folder.resolve("file");
    assertThrows(
        IOException.class,
        () ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(1);
                  throw new IOException();
                }));
    assertEquals(List.of(), files());
  }

  @Test
  void leftoverOfAKilledProcessIsOverwritten() throws IOException {
    Files.writeString(folder.resolve("file.part"), "half of something long");
    write(folder.resolve("file"), "new");
    assertEquals("new", Files.readString(folder.resolve("file")));
    assertEquals(List.of("file"), files());
  }

  @Test
  void folderThatIsNotThere() {
    assertThrows(IOException.class, () -> write(folder.resolve("no").resolve("file"), "x"));
  }

  @Test
  void stateWhoseWritingFailsLeavesTheOneBefore() throws IOException {
    Path file = folder.resolve("state");
    State good = new State("good");
    good.put("x", 1L);
    StateFile.write(file, good);
    State bad = new State("bad");
    bad.put("x".repeat(70_000), 2L);
    assertThrows(IOException.class, () -> StateFile.write(file, bad));
    assertEquals(1, StateFile.read(file).number("x"));
    assertEquals(List.of("state"), files());
  }
}
