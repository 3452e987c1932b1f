/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.format.Bytes;
import org.espalier.data.format.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a set of the catalogue is looked for, and what is said when it is nowhere. */
class LookupTest {

  private static final Catalogue CATALOGUE =
      new Catalogue(
          List.of(
              SetDescription.of("tiny", Format.CSV, "tiny-train.csv", "tiny-test.csv")
                  .withFolders("tiny", "tiny-alias")
                  .withSize(1, 2)));

  @TempDir private Path root;

  /** Puts a set somewhere, with a first value that tells from where it was read. */
  private void put(String folder, int mark) {
    Bytes.write(root.resolve(folder).resolve("tiny-train.csv"), Bytes.text("0," + mark + "\n"));
    Bytes.write(root.resolve(folder).resolve("tiny-test.csv.gz"), Bytes.gzip(Bytes.text("1,0\n")));
  }

  private DataRequest request() {
    return DataRequest.of("tiny")
        .withNormalization(NormalizationKind.NONE)
        .withDataDir(root.resolve("given"));
  }

  private int mark() {
    Dataset set = Datasets.open(request(), Places.under(root), CATALOGUE);
    return (int) Places.rows(set.train())[0][0];
  }

  @Test
  void earlierPlacesWin() {
    put("system/tiny", 5);
    assertEquals(5, mark());
    put("cache/tiny", 4);
    assertEquals(4, mark());
    put("env/tiny-alias", 3);
    assertEquals(3, mark());
    put("given", 2);
    assertEquals(2, mark());
    put("given/tiny", 1);
    assertEquals(1, mark());
  }

  @Test
  void aPlaceThatLacksAFileIsPassedOver() throws Exception {
    put("env/tiny", 3);
    put("cache/tiny", 4);
    Files.delete(root.resolve("env/tiny/tiny-test.csv.gz"));
    assertEquals(4, mark());
  }

  @Test
  void whenAllFailTheErrorListsEachPlaceAndWhatToDo() {
    Bytes.write(root.resolve("env/tiny/tiny-train.csv"), Bytes.text("0,1\n"));
    UserException e = assertThrows(UserException.class, this::mark);
    assertEquals(
        String.join(
            "\n",
            "The data set tiny was not found. Looked in:",
            "  - --data-dir: there is no folder " + root.resolve("given/tiny"),
            "  - --data-dir: " + root.resolve("given") + " does not exist",
            "  - $ESPALIER_DATA: " + root.resolve("env/tiny") + " has no tiny-test.csv",
            "  - the cache: there is no folder " + root.resolve("cache/tiny"),
            "  - the system: there is no folder " + root.resolve("system/tiny"),
            "  - the program itself: the set is not part of it",
            "  - download: no address is known for this set",
            "To get it, put tiny-train.csv[.gz], tiny-test.csv[.gz] into "
                + root.resolve("cache/tiny")
                + "."),
        e.getMessage());
  }

  @Test
  void withoutFoldersTheErrorSaysSo() {
    DataLocations places =
        new DataLocations(Optional.empty(), root.resolve("cache"), List.of(), Optional.empty());
    UserException e =
        assertThrows(
            UserException.class, () -> Datasets.open(DataRequest.of("tiny"), places, CATALOGUE));
    assertTrue(e.getMessage().contains("  - --data-dir: not given\n"), e.getMessage());
    assertTrue(e.getMessage().contains("  - $ESPALIER_DATA: not set\n"), e.getMessage());
  }

  @Test
  void fashionMnistNamesTheDebianPackage() {
    UserException e =
        assertThrows(
            UserException.class,
            () -> Datasets.open(DataRequest.of("fashion-mnist"), Places.under(root)));
    String message = e.getMessage();
    assertTrue(message.contains("install the Debian package dataset-fashion-mnist"), message);
    assertTrue(message.contains("  - download: file:"), message);
  }

  @Test
  void sizesOfTheCatalogueAreChecked() {
    put("cache/tiny", 1);
    Bytes.write(root.resolve("cache/tiny/tiny-train.csv"), Bytes.text("0,1,2\n"));
    String message = assertThrows(UserException.class, this::mark).getMessage();
    assertTrue(
        message.endsWith("tiny-train.csv: the samples have 2 features, expected 1 as all of tiny."),
        message);
    Bytes.write(root.resolve("cache/tiny/tiny-train.csv"), Bytes.text("2,1\n"));
    message = assertThrows(UserException.class, this::mark).getMessage();
    assertTrue(message.contains("expected a whole number from 0 to 1 as label"), message);
  }

  @Test
  void contentOfTheCatalogueIsChecked() {
    Path folder = root.resolve("cache/mnist");
    for (String part : List.of("train", "t10k")) {
      Bytes.write(
          folder.resolve(part + "-images-idx3-ubyte"), Bytes.idx(new int[] {1, 1, 2}, 1, 2));
      Bytes.write(folder.resolve(part + "-labels-idx1-ubyte"), Bytes.idx(new int[] {1}, 0));
    }
    UserException e =
        assertThrows(
            UserException.class, () -> Datasets.open(DataRequest.of("mnist"), Places.under(root)));
    assertTrue(
        e.getMessage().contains("train-images-idx3-ubyte: the SHA-256 after unpacking is"),
        e.getMessage());
  }

  @Test
  void placesComeFromTheEnvironment() {
    DataLocations bare = DataLocations.of(Map.of(), Path.of("/home/ada"));
    assertEquals(Path.of("/home/ada/.cache/espalier"), bare.cache());
    assertEquals(Optional.empty(), bare.environment());
    assertEquals(Path.of("/usr/share/datasets"), bare.system().get(0));
    DataLocations set =
        DataLocations.of(
            Map.of(
                "ESPALIER_DATA", "/data",
                "XDG_CACHE_HOME", "/caches",
                "ESPALIER_DATA_MIRROR", "http://mirror/x"),
            Path.of("/home/ada"));
    assertEquals(Optional.of(Path.of("/data")), set.environment());
    assertEquals(Path.of("/caches/espalier"), set.cache());
    assertEquals("http://mirror/x", set.mirror().orElseThrow().toString());
    UserException e =
        assertThrows(
            UserException.class,
            () -> DataLocations.of(Map.of("ESPALIER_DATA_MIRROR", "mirror"), Path.of("/home/ada")));
    assertTrue(e.getMessage().startsWith("ESPALIER_DATA_MIRROR is \"mirror\", expected"));
  }
}
