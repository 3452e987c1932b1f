/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.espalier.data.table.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistMiniTest {

  private static final List<String> DATA =
      List.of(
          "train-images-idx3-ubyte.gz",
          "train-labels-idx1-ubyte.gz",
          "t10k-images-idx3-ubyte.gz",
          "t10k-labels-idx1-ubyte.gz");

  @TempDir private Path root;

  private static byte[] resource(String file) throws Exception {
    try (InputStream in = Datasets.class.getResourceAsStream("fashion-mnist-mini/" + file)) {
      return in.readAllBytes();
    }
  }

  private static byte[] unpacked(String file) throws Exception {
    try (InputStream in =
        new GZIPInputStream(Datasets.class.getResourceAsStream("fashion-mnist-mini/" + file))) {
      return in.readAllBytes();
    }
  }

  @Test
  void itIsBalancedAndOpensWithNothingInstalled() {
    Dataset set = Datasets.open(DataRequest.of("fashion-mnist-mini"), Places.under(root));
    assertEquals(Optional.of(new ImageShape(28, 28, 1)), set.shape());
    assertEquals(784, set.features());
    assertEquals(10, set.classNames().size());
    assertBalanced(FashionMnistMini.TRAIN_PER_CLASS, set.train());
    assertBalanced(FashionMnistMini.TEST_PER_CLASS, set.test());
  }

  private static void assertBalanced(int perClass, DataPart samples) {
    int[] expected = new int[10];
    Arrays.fill(expected, perClass);
    int[] counts = new int[10];
    for (int label : Places.labels(samples)) {
      counts[label]++;
    }
    assertArrayEquals(expected, counts);
  }

  @Test
  void itTakesAtMostFourMegabytesWithItsLicence() throws Exception {
    long total = resource("LICENSE").length + resource("README.md").length;
    for (String file : DATA) {
      total += resource(file).length;
    }
    assertTrue(total <= 4_000_000, total + " bytes");
    String licence = new String(resource("LICENSE"), StandardCharsets.UTF_8);
    assertTrue(licence.contains("Copyright (c) 2017 Zalando SE, https://tech.zalando.com"));
  }

  @Test
  void itIsWhatItsMakerTakesOutOfFashionMnist() throws Exception {
    Path full = Path.of("/usr/share/datasets/fashion-mnist");
    assumeTrue(Files.isDirectory(full), "Fashion-MNIST is not installed in " + full);
    for (String part : List.of("train", "t10k")) {
      int perClass =
          part.equals("train") ? FashionMnistMini.TRAIN_PER_CLASS : FashionMnistMini.TEST_PER_CLASS;
      String imageFile = part + "-images-idx3-ubyte.gz";
      String labelFile = part + "-labels-idx1-ubyte.gz";
      byte[] images = FashionMnistMini.unpack(full.resolve(imageFile));
      byte[] labels = FashionMnistMini.unpack(full.resolve(labelFile));
      assertArrayEquals(FashionMnistMini.images(images, labels, perClass), unpacked(imageFile));
      assertArrayEquals(FashionMnistMini.labels(labels, perClass), unpacked(labelFile));
    }
  }
}
