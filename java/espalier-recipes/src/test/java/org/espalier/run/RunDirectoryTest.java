/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.espalier.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

  @TempDir Path temp;

  private static String refusal(Runnable action) {
    return assertThrows(UserException.class, action::run).getMessage();
  }

  @Test
  void makesParentsAndCanBeOpenedOnceItHasARecipe() {
    Path path = temp.resolve("a/b/run");
    try (RunDirectory run = RunDirectory.create(path)) {
      run.writeRecipe("recipe: x\n");
    }
    assertEquals(path.resolve("recipe.yaml"), RunDirectory.open(path).recipe());
  }

  @Test
  void closingRemovesAFolderThatNothingCameInto() {
    Path path = temp.resolve("run");
    RunDirectory.create(path).close();
    assertFalse(Files.exists(path));
  }

  @Test
  void closingKeepsAnEmptyFolderThatWasThereBefore() {
    RunDirectory.create(temp).close();
    assertTrue(Files.isDirectory(temp));
  }

  @Test
  void refusesAFolderThatHoldsARun() throws IOException {
    Files.writeString(temp.resolve("recipe.yaml"), "");
    String message = refusal(() -> RunDirectory.create(temp));
    assertEquals(
        temp + " already holds a run; expected a new folder, or --resume to continue the run.",
        message);
  }

  @Test
  void refusesAFolderThatHoldsOtherFilesAndLeavesItAsItWas() throws IOException {
    Files.writeString(temp.resolve("thesis.txt"), "");
    String message = refusal(() -> RunDirectory.create(temp));
    assertTrue(message.contains("holds other files"), message);
    try (var files = Files.list(temp)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void refusesAFileInThePlaceOfTheFolderOrOfAParent() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    assertTrue(refusal(() -> RunDirectory.create(file)).contains("is a file"));
    String parent = refusal(() -> RunDirectory.create(file.resolve("run")));
    assertTrue(parent.contains(file + " is not a folder"), parent);
  }

  @Test
  void refusesAParentThatCannotBeWritten() {
    Path parent = temp.resolve("closed");
    assertTrue(parent.toFile().mkdir() && parent.toFile().setWritable(false));
    assumeFalse(Files.isWritable(parent), "this user may write anywhere");
    String message = refusal(() -> RunDirectory.create(parent.resolve("run")));
    assertTrue(message.contains("is not writable"), message);
  }

  @Test
  void saysWhatIsMissingFromSomethingThatIsNoRun() {
    assertTrue(
        refusal(() -> RunDirectory.open(temp.resolve("x"))).contains("there is no such folder"));
    assertTrue(refusal(() -> RunDirectory.open(temp)).contains("it has no recipe.yaml"));
  }

  @Test
  void saysWhatAnUnfinishedRunLacks() {
    try (RunDirectory run = RunDirectory.create(temp.resolve("run"))) {
      run.writeRecipe("recipe: x\n");
      assertTrue(refusal(run::existingModel).contains("has no model.safetensors"));
      assertTrue(refusal(run::existingCheckpoint).contains("last.ckpt"));
    }
  }

  @Test
  void hasOneWriterAtATime() {
    Path path = temp.resolve("run");
    try (RunDirectory first = RunDirectory.create(path)) {
      first.writeRecipe("recipe: x\n");
      RunDirectory second = RunDirectory.open(path);
      String message = refusal(second::lock);
      assertTrue(message.contains("is being written by another process"), message);
    }
    RunDirectory third = RunDirectory.open(path);
    third.lock();
    third.close();
  }

  @Test
  void anotherProcessIsKeptOutToo() throws Exception {
    Path path = temp.resolve("run");
    try (RunDirectory run = RunDirectory.create(path)) {
      run.writeRecipe("recipe: x\n");
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Locker.class.getName(),
                  path.toString())
              .start();
      String said = new String(other.getErrorStream().readAllBytes());
      assertTrue(said.contains("is being written by another process"), said);
      assertEquals(1, other.waitFor());
    }
  }

  /** Tries to lock a run. */
  static final class Locker {
    public static void main(String[] args) {
      RunDirectory.open(Path.of(args[0])).lock();
    }
  }

  @Test
  void defaultNamesSayRecipeAndTimeAndAreNew() throws IOException {
    LocalDateTime time = LocalDateTime.of(2026, 1, 2, 3, 4, 5);
    Path first = RunDirectory.defaultPath(temp, "my recipe/1", time);
    assertEquals("my-recipe-1-20260102-030405", first.getFileName().toString());
    Files.createDirectory(first);
    Path second = RunDirectory.defaultPath(temp, "my recipe/1", time);
    assertEquals("my-recipe-1-20260102-030405-2", second.getFileName().toString());
  }
}
