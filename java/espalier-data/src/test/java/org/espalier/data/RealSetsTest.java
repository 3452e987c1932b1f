/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.data.table.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads published data sets where they are at hand. */
class RealSetsTest {

  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource({
    "mnist, 60000, 10000, 784, 10",
    "isolet, 6238, 1559, 617, 26",
    "madelon, 2000, 600, 500, 2",
    "arcene, 100, 100, 10000, 2",
    "higgs-15k, 10000, 5000, 28, 2",
    "dna-splice, 2000, 1186, 180, 3",
    "coil20, 960, 480, 1024, 20",
    "lung-small, 49, 24, 325, 7",
    "lymphoma, 64, 32, 4026, 9",
    "glioma, 33, 17, 4434, 4",
    "prostate-ge, 68, 34, 5966, 2",
    "khan-srbct, 42, 21, 2308, 4",
    "leukemia, 48, 24, 7070, 2",
    "colon, 41, 21, 2000, 2",
    "nci9, 40, 20, 9712, 9",
    "orl, 267, 133, 1024, 40",
    "yale, 110, 55, 1024, 15",
    "caltech101-silhouettes-28, 5781, 2890, 784, 101",
    "pcmac, 1295, 648, 3289, 2",
    "basehock, 1329, 664, 4862, 2",
    "a9a, 32561, 16281, 123, 2",
    "w8a, 33166, 16583, 300, 2"
  })
  void setsOfTheCatalogueHaveTheirPublishedSizes(
      String name, int train, int test, int features, int classes) {
    DataRequest request =
        DataRequest.of(name)
            .withDataDir(SharedData.folder())
            .withNormalization(NormalizationKind.NONE);
    Dataset set = Datasets.open(request, Places.under(root));
    assertEquals(train, set.train().size());
    assertEquals(test, set.test().size());
    assertEquals(features, set.features());
    assertEquals(classes, set.classes());
  }

  @Test
  void countsPerClassAreThePublishedOnes() {
    Path data = SharedData.folder();
    assertArrayEquals(new int[] {767, 765, 1654}, counts(data, "dna-splice"));
    assertArrayEquals(new int[] {982, 961}, counts(data, "pcmac"));
    assertArrayEquals(new int[] {48270, 1479}, counts(data, "w8a"));
    assertArrayEquals(new int[] {8, 23, 12, 20}, counts(data, "khan-srbct"));
  }

  private int[] counts(Path data, String name) {
    Dataset set = Datasets.open(DataRequest.of(name).withDataDir(data), Places.under(root));
    int[] counts = new int[set.classes()];
    for (DataPart part : List.of(set.train(), set.test())) {
      for (int label : Places.labels(part)) {
        counts[label]++;
      }
    }
    return counts;
  }

  @Test
  void fashionMnistOfDebianHasThePublishedContent() {
    Path system = Path.of("/usr/share/datasets");
    assumeTrue(
        Files.isDirectory(system.resolve("fashion-mnist")), "Fashion-MNIST is not installed");
    DataLocations places =
        new DataLocations(
            Optional.empty(), root.resolve("cache"), List.of(system), Optional.empty());
    Dataset set = Datasets.open(DataRequest.of("fashion-mnist"), places);
    assertEquals(60000, set.train().size());
    assertEquals(10000, set.test().size());
    assertEquals(Optional.of(new ImageShape(28, 28, 1)), set.shape());
    assertEquals("Ankle boot", set.classNames().get(9));
    assertEquals(9, Places.labels(set.train())[0]);
  }
}
